import { Type } from 'typebox'
import type { DetectedFinding } from '../../model/alert.ts'
import type { FindingFacts } from '../../model/finding-facts.ts'
import { WINDOW_MS } from '../../model/measure.ts'
import { comparisonOf, round } from '../contributions.ts'
import type { Activity, Detector, Trigger } from '../detector.ts'
import { SPEAKS } from '../risk/combine.ts'
import { TESTS, type Test } from '../risk/tests.ts'
import { standingOf } from '../standing.ts'

/** Per test, the count below which it says nothing. */
export type Floors = Readonly<Record<string, number>>

export interface TestParams {
  readonly floors: Floors
}

/** A detector that reports the most surprising of several tests. `asks`: whether it listens to a test of this actor. */
export function createTestDetector<const Id extends string>(
  id: Id,
  title: string,
  floors: Floors,
  asks: (test: string, activity: Activity) => boolean = () => true,
): Detector<TestParams, Id> {
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
          // Others may listen to a test from a lower count on. Of a test that has no floor here nothing is asked.
          activity.reached(test) >= (params.floors[test] ?? Number.POSITIVE_INFINITY) &&
          asks(test, activity) &&
          activity.surprise(test) >= SPEAKS,
      )
      speaking.sort((a, b) => activity.surprise(b.id) - activity.surprise(a.id))
      const [most] = speaking
      return most === undefined ? null : testFinding(id, activity, most)
    },
  }
}

function testFinding(id: string, activity: Activity, test: Test): DetectedFinding {
  const { time } = activity.event
  return {
    detector: id,
    time,
    score: activity.score,
    measure: test.measure,
    window: test.window,
    window_from: windowStart(activity, test),
    window_to: time,
    ...comparisonOf(activity, test),
    baseline_days: activity.baseline(test.measure, test.window).days,
    tail_log10: round(-activity.surprise(test.id)),
    look_back: activity.actor.lookBack,
    facts: factsOf(activity, test),
    contributions: activity.contributions(),
  }
}

/** Where what was counted begins: of a count that was higher earlier in the day, with the day. */
function windowStart(activity: Activity, test: Test): number {
  const { time } = activity.event
  const since = Math.max(time - WINDOW_MS[test.window], activity.since(test.measure, test.window))
  const isPast = test.kind !== 'cusum' && activity.count(test.measure, test.window) < activity.seen(test.id)
  return isPast ? Math.min(since, activity.dayStart) : since
}

function factsOf(activity: Activity, test: Test): FindingFacts {
  const standing = standingOf(activity)
  switch (test.kind) {
    case 'count':
    case 'peers':
    case 'team':
      return { kind: test.kind, ...standing }
    case 'share': {
      const { among, seen, expected, expectedPeers } = activity.share(test.id)
      return {
        kind: 'share',
        ...standing,
        among,
        share: seen,
        expected_share: expected,
        expected_share_peers: expectedPeers,
      }
    }
    case 'cusum':
      return {
        kind: 'cusum',
        ...standing,
        last_day: activity.seen(test.id),
        expected_last_day: round(activity.baseline(test.measure, '1d').expected),
      }
  }
}
