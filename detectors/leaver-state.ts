import type { LeaverState, StaffRecord } from '../model/staff.ts'
import type { Calendar } from './days/calendar.ts'

/** Where a record says its actor stands at `timeMs`. Dates are days of the calendar's zone; the last working day counts as work. */
export function leaverStateOf(record: StaffRecord | null, timeMs: number, calendar: Calendar): LeaverState {
  if (record === null) return 'none'
  const day = calendar.dayOf(timeMs)
  if (record.last_working_day !== null) {
    if (day > calendar.parse(record.last_working_day)) return 'left'
    if (record.status === 'left' || record.status === 'notice') return 'notice'
  }
  if (record.status === 'left') return 'left'
  if (record.status === 'notice') return 'notice'
  if (record.notice_on !== null && day >= calendar.parse(record.notice_on)) return 'notice'
  return 'none'
}

/** An actor's records in the order HR recorded them. */
export interface StaffTimeline {
  /** Adds a record; false when an equal one is there already. */
  add(record: StaffRecord): boolean
  /** The newest record made at or before `timeMs`; null when HR had said nothing by then. */
  at(timeMs: number): StaffRecord | null
  /** The newest record of all. */
  latest(): StaffRecord | null
  /** What is known of role and team at `timeMs`: as `at`, or else the oldest record, for a role holds before it is reported. */
  describing(timeMs: number): StaffRecord | null
  /** When the next record after `timeMs` was made; null when there is none. */
  nextAfter(timeMs: number): number | null
}

export function createStaffTimeline(): StaffTimeline {
  const records: StaffRecord[] = []
  const at = (timeMs: number): StaffRecord | null => {
    for (let i = records.length - 1; i >= 0; i--) if (records[i].recorded_at <= timeMs) return records[i]
    return null
  }
  return {
    add(record) {
      const same = JSON.stringify(record)
      if (records.some((known) => JSON.stringify(known) === same)) return false
      let i = records.length
      while (i > 0 && records[i - 1].recorded_at > record.recorded_at) i--
      records.splice(i, 0, record)
      return true
    },
    at,
    latest: () => records.at(-1) ?? null,
    describing: (timeMs) => at(timeMs) ?? records[0] ?? null,
    nextAfter: (timeMs) => records.find((record) => record.recorded_at > timeMs)?.recorded_at ?? null,
  }
}
