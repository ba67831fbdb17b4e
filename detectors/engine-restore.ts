import type { Finding } from '../model/alert.ts'
import type { ClosedDay } from '../model/closed-day.ts'
import type { EventBatch } from '../model/event-batch.ts'
import type { ActorTable } from './actor-table.ts'
import type { Calendar } from './days/calendar.ts'
import type { DayKeeper } from './days/day-keeper.ts'
import type { Places } from './signs/places.ts'
import type { Ways } from './signs/ways.ts'
import { NO_CIRCUMSTANCES, type Tally } from './tally.ts'

/** The engine's memory, as far as it is brought back from the store. */
export interface RestoreParts {
  readonly table: ActorTable
  readonly tally: Tally
  readonly days: DayKeeper
  readonly places: Places
  readonly ways: Ways
  readonly waysUsed: Places
  readonly placeOf: (origin: number) => number
  readonly programOf: (origin: number) => number
  readonly calendar: Calendar
}

/** Rebuild: brings back what followed from events before the days that are folded again. */
export function createEngineRestore(parts: RestoreParts) {
  const { table, tally, days, places, ways, waysUsed, placeOf, programOf, calendar } = parts
  const { actorOf } = days
  return {
    /** Takes days closed earlier, in the order of day. */
    restoreDay: (closed: ClosedDay, own: boolean): void => days.restore(closed, own),

    /** When the actor was last active: what has left a window by then, and is restored after this, never enters it. */
    restoreNow: (code: number, time: number): void => tally.advance(actorOf(code).code, time),

    /** The last access to an object. Per actor in the order of time. */
    restoreAccess(measure: number, code: number, object: number, time: number): void {
      actorOf(code)
      tally.restoreAccess(measure, code, object, time)
      if (time > table.newest[code]) table.newest[code] = time
    },

    /** An operation, for the sums. In the order of time. */
    restoreSum(batch: EventBatch, i: number): void {
      const { code } = actorOf(batch.actor[i])
      tally.add(code, batch, i, NO_CIRCUMSTANCES)
      if (batch.time[i] > table.newest[code]) table.newest[code] = batch.time[i]
    },

    /** A contact that was new to the actor. Per actor in the order of time. */
    restoreNew: (code: number, time: number): void => tally.restoreNew(actorOf(code).code, time),

    /** An address the actor used, from one time to another. */
    restorePlace(code: number, origin: number, from: number, to: number): void {
      const address = placeOf(origin)
      if (address !== -1) places.restore(actorOf(code).code, address, calendar.dayOf(from), calendar.dayOf(to))
    },

    /** A kind of event of the actor, from one origin or others of the same program, from one time to another. */
    restoreWay(code: number, kind: number, origin: number, from: number, to: number): void {
      const way = ways.of(kind, programOf(origin))
      if (way !== -1) waysUsed.restore(actorOf(code).code, way, calendar.dayOf(from), calendar.dayOf(to))
    },

    /** An access after leaving that was reported on a closed day. What else was said was said of its day. */
    restoreAfterLeaving(code: number, finding: Finding): void {
      const actor = actorOf(code)
      if (finding.time < actor.afterLeavingAt || finding.observed === null) return
      actor.afterLeavingAt = finding.time
      actor.nextAfterLeaving = finding.observed * 2
    },
  }
}
