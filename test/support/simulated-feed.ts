import type { SimulatorOptions } from '../../fixtures/simulator/options.ts'
import { simulate } from '../../fixtures/simulator/simulate.ts'
import type { WireEvent } from '../../fixtures/simulator/wire.ts'
import { parseStaffRecord } from '../../ingest/staff/parse-staff.ts'
import type { StaffRecord } from '../../model/staff.ts'
import { NOW, submitAll, type TestCore } from './test-core.ts'

export interface SimulatedFeed {
  /** In the order of time. */
  readonly events: readonly WireEvent[]
  /** In the order of `recorded_at`. */
  readonly staff: readonly StaffRecord[]
  /**
   * Hands the events number `from` to `to` over, in pieces of at most `piece`, each staff record before the first event
   * after it. Records that come after the last event of all go with `to` = their number.
   */
  feed(core: TestCore, from: number, to: number, piece: number): Promise<void>
}

export function createSimulatedFeed(options: SimulatorOptions): SimulatedFeed {
  const simulation = simulate({ start: '2026-03-02', ...options })
  const events = [...simulation.events()]
  const staff = simulation.staff.map((record) => {
    const parsed = parseStaffRecord(record, { org: 'default', now: NOW })
    if (!parsed.ok) throw new Error(parsed.reason)
    return parsed.record
  })
  const timeOf = (n: number) => (n < events.length ? Date.parse(events[n].time) : Number.POSITIVE_INFINITY)

  return {
    events,
    staff,
    async feed(core, from, to, piece) {
      const done = from === 0 ? Number.NEGATIVE_INFINITY : timeOf(from - 1)
      const waiting = staff.filter(({ recorded_at }) => recorded_at > done)
      const dueAt = () => waiting[0]?.recorded_at ?? Number.POSITIVE_INFINITY
      let at = from
      while (at < to || (to === events.length && waiting.length > 0)) {
        if (waiting.length > 0 && dueAt() <= timeOf(at)) {
          await core.pipeline.submitStaff(waiting.splice(0, 1))
          await core.pipeline.drain()
          continue
        }
        let end = Math.min(at + piece, to)
        while (end > at + 1 && timeOf(end - 1) >= dueAt()) end--
        await submitAll(core, events.slice(at, end), piece)
        at = end
      }
      await core.pipeline.drain()
    },
  }
}
