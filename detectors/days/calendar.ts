import { createZoneOffset } from '../../model/time-zone.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Event-time days of one time zone. A day is named by its number: whole days from 1970-01-01 on the local calendar. */
export interface Calendar {
  dayOf(timeMs: number): number
  /** First instant of the day, epoch milliseconds. */
  startOf(day: number): number
  /** The day number of a calendar date `YYYY-MM-DD`. */
  parse(date: string): number
}

/** The calendar date `YYYY-MM-DD` of a day's number. */
export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** `timeZone` is an IANA name. The bounds of the day that was asked for last are kept, since most events lie on the same. */
export function createCalendar(timeZone: string): Calendar {
  const offsetMs = timeZone === 'UTC' || timeZone === 'Etc/UTC' ? () => 0 : createZoneOffset(timeZone)

  const dayAt = (timeMs: number): number => Math.floor((timeMs + offsetMs(timeMs)) / DAY_MS)

  const startOf = (day: number): number => {
    let start = day * DAY_MS - offsetMs(day * DAY_MS)
    // Near a change of offset the guess can be off by the change; one correction settles it.
    start = day * DAY_MS - offsetMs(start)
    while (dayAt(start) < day) start += HOUR_MS / 4
    return start
  }

  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  let current = 0

  return {
    dayOf(timeMs) {
      if (timeMs >= from && timeMs < to) return current
      current = dayAt(timeMs)
      from = startOf(current)
      to = startOf(current + 1)
      return current
    },
    startOf,
    parse: (date) => Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS),
  }
}
