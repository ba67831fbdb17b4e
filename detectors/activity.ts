import type { Contribution } from '../model/alert.ts'
import { type EventBatch, type Kind, NONE } from '../model/event-batch.ts'
import { MEASURE_INDEX, type Measure, slotOf, WINDOWS, type Window } from '../model/measure.ts'
import type { Actor, ActorTable } from './actor-table.ts'
import { rankContributions } from './contributions.ts'
import type { Activity, ShareBaseline } from './detector.ts'
import type { Judge } from './judge.ts'
import { TEST_COUNT, TESTS } from './risk/tests.ts'
import type { Tally } from './tally.ts'
import { reachedCount } from './triggers.ts'

/** What detectors are shown of an actor, at one event. */
export interface Moment {
  readonly actor: Actor
  /** The actor's newest event time, at which all is judged. */
  readonly now: number
  readonly day: number
  readonly batch: EventBatch
  readonly index: number
  readonly kind: Kind
  /** Held to the leaver's limit at a time when nobody knew of the leaving. */
  readonly lookBack: boolean
  readonly accessesAfterLeaving: number
}

export function createActivity(moment: Moment, table: ActorTable, tally: Tally, judge: Judge): Activity {
  const { actor, now, day, batch, index } = moment
  const count = (measure: Measure, window: Window) =>
    tally.count(actor.code, MEASURE_INDEX[measure], WINDOWS.indexOf(window))
  const seen = (t: number): number => table.seen[actor.code * TEST_COUNT + t]
  const shareOf = (t: number): ShareBaseline => {
    const test = TESTS[t]
    if (test.kind !== 'share') throw new Error(`${test.id} is not about a share`)
    const count = seen(t)
    const of = Math.max(1, count, table.seenAmong[actor.code * TEST_COUNT + t])
    return { among: test.among, seen: count / of, ...judge.share(actor, t, day) }
  }
  /** Ranked once for all detectors that tell of the moment. */
  let ranked: Contribution[] | undefined
  tally.advance(actor.code, now)
  const activity: Activity = {
    event: {
      time: now,
      kind: moment.kind,
      objects: batch.objects[index]?.length ?? (batch.object[index] === NONE ? 0 : 1),
      recordCount: batch.recordCount[index] === NONE ? null : batch.recordCount[index],
    },
    actor: {
      type: actor.staff.describing(now)?.actor_type ?? actor.type,
      staff: actor.leaverBy ?? actor.record,
      role: actor.staff.describing(now)?.role ?? null,
      leaver: actor.leaver,
      lookBack: moment.lookBack,
    },
    count,
    baseline: (measure, window) => judge.baseline(actor, slotOf(measure, window), day),
    score: table.score[actor.code],
    surprise: (id) => judge.calibrated(actor, testIndex(id)),
    seen: (id) => seen(testIndex(id)),
    reached: (id) => reachedCount(table, actor.code, testIndex(id)),
    contributions: () => (ranked ??= rankContributions(activity, judge.parts(actor))),
    share: (id) => shareOf(testIndex(id)),
    dayStart: table.dayStart[actor.code],
    since: (measure, window) => tally.oldest(actor.code, MEASURE_INDEX[measure], WINDOWS.indexOf(window)),
    accessesAfterLeaving: moment.accessesAfterLeaving,
  }
  return activity
}

const INDEX = new Map(TESTS.map(({ id }, t) => [id, t]))

function testIndex(id: string): number {
  const t = INDEX.get(id)
  if (t === undefined) throw new Error(`there is no test ${id}`)
  return t
}
