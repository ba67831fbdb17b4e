import { HABIT_WEEKS, silentHours } from '../../ingest/sources/source-habit.ts'
import type { SourceTally } from '../../ingest/sources/source-tally.ts'
import { HOUR_MS } from '../../ingest/sources/write-tallies.ts'
import type { Database } from '../../store/database.ts'
import { newestSourceEvents, readSourceHours } from '../../store/source-records.ts'

/** Hours behind the newest one that are kept. */
export const HOURS_KEPT = (HABIT_WEEKS + 1) * 168

/** When each source was heard of, in memory beside the store's own record of it. */
export interface SourceActivity {
  /** After a commit. */
  note(tallies: readonly SourceTally[]): void
  /** Epoch ms of the wall clock; null for one never heard of. */
  lastArrival(source: string): number | null
  /** Epoch ms of event time. */
  newestEvent(source: string): number | null
  /** Usual hours gone by without a row; null while the habit is not known. */
  silentHours(source: string, now: number): number | null
}

export async function openSourceActivity(db: Database, now: number): Promise<SourceActivity> {
  const hours = new Map<string, Set<number>>()
  const arrivals = new Map<string, number>()
  const newest = new Map(await newestSourceEvents(db))
  const noteHour = (source: string, hour: number, at: number) => {
    const known = hours.get(source) ?? new Set<number>()
    hours.set(source, known)
    known.add(hour)
    for (const old of known) {
      if (old >= hour - HOURS_KEPT) break
      known.delete(old)
    }
    arrivals.set(source, Math.max(arrivals.get(source) ?? at, at))
  }
  for (const { source, hour, last_arrival } of await readSourceHours(db, Math.floor(now / HOUR_MS) - HOURS_KEPT)) {
    noteHour(source, hour, last_arrival)
  }
  return {
    note(tallies) {
      for (const { source, records, arrivedAt, newestEvent } of tallies) {
        if (records > 0) noteHour(source, Math.floor(arrivedAt / HOUR_MS), arrivedAt)
        if (newestEvent !== null) newest.set(source, Math.max(newest.get(source) ?? newestEvent, newestEvent))
      }
    },
    lastArrival: (source) => arrivals.get(source) ?? null,
    newestEvent: (source) => newest.get(source) ?? null,
    silentHours: (source, at) => silentHours(hours.get(source) ?? new Set(), Math.floor(at / HOUR_MS)),
  }
}
