import { type EventBatch, type Kind, NONE } from '../model/event-batch.ts'
import { MEASURES, type Measure, WINDOWS, type Window } from '../model/measure.ts'
import type { Actor } from './actor-table.ts'
import type { Activity } from './detector.ts'
import { cusumIndex, type Judge, slotIndex } from './judge.ts'
import type { Tally } from './tally.ts'

/** What detectors are shown of an actor, at one event. */
export interface Moment {
  readonly actor: Actor
  /** The actor's newest event time, at which all is judged. */
  readonly now: number
  readonly day: number
  readonly batch: EventBatch
  readonly index: number
  readonly kind: Kind
  /** Held to the leaver's limit. */
  readonly leaver: boolean
  readonly lookBack: boolean
  readonly accessesAfterLeaving: number
}

export function createActivity(moment: Moment, tally: Tally, judge: Judge): Activity {
  const { actor, now, day, batch, index } = moment
  const count = (measure: Measure, window: Window) =>
    tally.count(actor.code, MEASURES.indexOf(measure), WINDOWS.indexOf(window))
  tally.advance(actor.code, now)
  return {
    event: {
      time: now,
      kind: moment.kind,
      objects: batch.objects[index]?.length ?? (batch.object[index] === NONE ? 0 : 1),
      recordCount: batch.recordCount[index] === NONE ? null : batch.recordCount[index],
    },
    actor: {
      staff: actor.record,
      role: actor.staff.describing(now)?.role ?? null,
      leaver: actor.leaver,
      lookBack: moment.lookBack,
    },
    count,
    baseline: (measure, window) => judge.baseline(actor, slotIndex(measure, window), day),
    limit: (measure, window) => judge.limit(actor, slotIndex(measure, window), moment.leaver),
    since: (measure, window) => tally.oldest(actor.code, MEASURES.indexOf(measure), WINDOWS.indexOf(window)),
    cusum(measure) {
      const c = cusumIndex(measure)
      return c === -1 ? null : judge.cusum(actor, c, count(measure, '1d'), moment.leaver)
    },
    accessesAfterLeaving: moment.accessesAfterLeaving,
  }
}
