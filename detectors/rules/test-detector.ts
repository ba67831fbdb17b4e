import { Type } from 'typebox'
import type { Finding } from '../../model/alert.ts'
import { WINDOW_MS } from '../../model/measure.ts'
import type { Activity, Detector, Trigger } from '../detector.ts'
import { SPEAKS } from '../risk/combine.ts'
import { TESTS, type Test } from '../risk/tests.ts'
import { countSentence, cusumSentence, shareSentence } from '../sentence.ts'

/** Per test, the count below which it says nothing. */
export type Floors = Readonly<Record<string, number>>

export interface TestParams {
  readonly floors: Floors
}

/** A detector that reports the most surprising of several tests. `asks`: whether it listens to a test of this actor. */
export function createTestDetector(
  id: string,
  title: string,
  floors: Floors,
  asks: (test: string, activity: Activity) => boolean = () => true,
): Detector<TestParams> {
  const known = Object.fromEntries(
    Object.keys(floors).map((name) => [name, Type.Optional(Type.Integer({ minimum: 1 }))]),
  )
  return {
    id,
    title,
    params: Type.Object({
      floors: Type.Object(known, {
        additionalProperties: false,
        description: 'Per test, the count below which it says nothing.',
      }),
    }),
    defaults: { floors },
    triggers: (params): Trigger[] =>
      Object.entries(params.floors).map(([test, floor]) => ({ on: 'test', test, floor })),
    examine(activity, params) {
      const speaking = TESTS.filter(
        ({ id: test }) =>
          params.floors[test] !== undefined && asks(test, activity) && activity.surprise(test) >= SPEAKS,
      )
      speaking.sort((a, b) => activity.surprise(b.id) - activity.surprise(a.id))
      const [most] = speaking
      if (most === undefined) return null
      return { ...testFinding(id, activity, most), contributions: speaking.map((test) => contribution(activity, test)) }
    },
  }
}

function testFinding(id: string, activity: Activity, test: Test): Finding {
  const { time } = activity.event
  const baseline = activity.baseline(test.measure, test.window)
  const surprise = activity.surprise(test.id)
  const share = test.kind === 'share' ? activity.share(test.id) : null
  return {
    detector: id,
    time,
    score: activity.score,
    measure: test.measure,
    window: test.window,
    window_from: Math.max(time - WINDOW_MS[test.window], activity.since(test.measure, test.window)),
    window_to: time,
    observed: activity.count(test.measure, test.window),
    expected: round(share === null ? baseline.expected : share.expected * activity.count(share.among, test.window)),
    expected_peers: round(
      share === null ? baseline.expectedPeers : share.expectedPeers * activity.count(share.among, test.window),
    ),
    baseline_days: baseline.days,
    tail_log10: round(-surprise),
    look_back: activity.actor.lookBack,
    sentence:
      test.kind === 'cusum'
        ? cusumSentence(activity, test.measure)
        : share !== null
          ? shareSentence(activity, test.measure, test.window, share)
          : countSentence(activity, test.measure, test.window),
  }
}

function contribution(activity: Activity, test: Test): NonNullable<Finding['contributions']>[number] {
  const observed = activity.count(test.measure, test.window)
  const expected =
    test.kind === 'share'
      ? activity.share(test.id).expected * activity.count(test.among, test.window)
      : activity.baseline(test.measure, test.window).expected
  return { test: test.id, observed, expected: round(expected), weight: round(activity.surprise(test.id)) }
}

const round = (value: number): number => Math.round(value * 100) / 100
