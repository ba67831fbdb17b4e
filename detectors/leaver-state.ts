import type { LeaverState, StaffRecord } from '../model/staff.ts'
import type { Calendar } from './days/calendar.ts'

/** Where a record says its actor stands at `timeMs`. Dates are days of the calendar's zone; the last working day counts as work. */
export function leaverStateOf(record: StaffRecord | null, timeMs: number, calendar: Calendar): LeaverState {
  if (record === null) return 'none'
  if (isPastLastDay(record, timeMs, calendar)) return 'left'
  if (record.last_working_day !== null && record.status === 'left') return 'notice'
  if (record.status === 'left') return 'left'
  if (record.status === 'notice') return 'notice'
  if (record.notice_on !== null && calendar.dayOf(timeMs) >= calendar.parse(record.notice_on)) return 'notice'
  return 'none'
}

/** Where an actor stands, and which record says so. */
export interface LeaverStanding {
  readonly leaver: LeaverState
  readonly record: StaffRecord | null
}

/**
 * Where an actor stands at `timeMs` by the record of that time, or past the last working day by one that HR made only
 * later. Whether a newer record takes that back is another question: what a past was judged by must not change with it.
 */
export function leaverStandingAt(staff: StaffTimeline, timeMs: number, calendar: Calendar): LeaverStanding {
  const record = staff.at(timeMs)
  const leaver = leaverStateOf(record, timeMs, calendar)
  if (leaver === 'left') return { leaver, record }
  const later = staff.after(timeMs).findLast((one) => isPastLastDay(one, timeMs, calendar))
  return later === undefined ? { leaver, record } : { leaver: 'left', record: later }
}

/** Whether the newest record, made after `timeMs`, says that the actor had not left by then: a leaving put off, or a mistake. */
export function isLeavingTakenBack(staff: StaffTimeline, timeMs: number, calendar: Calendar): boolean {
  const newest = staff.latest()
  if (newest === null || newest.recorded_at <= timeMs) return false
  // Of the time before a new employment it says nothing.
  if (newest.hired_on !== null && calendar.dayOf(timeMs) < calendar.parse(newest.hired_on)) return false
  return newest.last_working_day === null ? newest.status !== 'left' : !isPastLastDay(newest, timeMs, calendar)
}

/** From when on a record has its actor gone, epoch ms; infinite when it says nothing of the kind. */
export function leftFrom(record: StaffRecord | null, calendar: Calendar): number {
  if (record === null) return Number.POSITIVE_INFINITY
  if (record.last_working_day !== null) return calendar.startOf(calendar.parse(record.last_working_day) + 1)
  return record.status === 'left' ? record.recorded_at : Number.POSITIVE_INFINITY
}

/** How far a notice looks back. */
export const LOOK_BACK_MS = 90 * 86_400_000

/**
 * When HR recorded what made the actor a leaver after `timeMs`, oldest first, epoch ms. By what is known today each looks
 * back on the `LOOK_BACK_MS` before it, also where a newer record has taken it back since.
 */
export function noticesAfter(staff: StaffTimeline, timeMs: number, calendar: Calendar): number[] {
  let known = staff.at(timeMs)
  const notices: number[] = []
  for (const record of staff.after(timeMs)) {
    const at = record.recorded_at
    if (leaverStateOf(known, at, calendar) === 'none' && leaverStateOf(record, at, calendar) !== 'none')
      notices.push(at)
    known = record
  }
  return notices
}

const isPastLastDay = ({ last_working_day }: StaffRecord, timeMs: number, calendar: Calendar): boolean =>
  last_working_day !== null && calendar.dayOf(timeMs) > calendar.parse(last_working_day)

/** An actor's records in the order HR recorded them. */
export interface StaffTimeline {
  /** Adds a record; false when an equal one is there already. */
  add(record: StaffRecord): boolean
  /** The newest record made at or before `timeMs`; null when HR had said nothing by then. */
  at(timeMs: number): StaffRecord | null
  /** The records made after `timeMs`, oldest first. */
  after(timeMs: number): readonly StaffRecord[]
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
    after: (timeMs) => records.slice(records.findLastIndex((record) => record.recorded_at <= timeMs) + 1),
    latest: () => records.at(-1) ?? null,
    describing: (timeMs) => at(timeMs) ?? records[0] ?? null,
    nextAfter: (timeMs) => records.find((record) => record.recorded_at > timeMs)?.recorded_at ?? null,
  }
}
