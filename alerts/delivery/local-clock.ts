import { isWithin, type TimeSpan, WEEK_MINUTES } from '../../model/time-span.ts'

const MINUTE_MS = 60_000

/** The minute of the local week at an instant (epoch ms), counted from Monday 00:00. */
export type MinuteOfWeek = (timeMs: number) => number

const DAYS: Readonly<Record<string, number>> = { Mon: 0, Tue: 1, Wed: 2, Thu: 3, Fri: 4, Sat: 5, Sun: 6 }

/** `timeZone` is an IANA name. */
export function createLocalClock(timeZone: string): MinuteOfWeek {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  })
  return (timeMs) => {
    const part = new Map(format.formatToParts(timeMs).map(({ type, value }) => [type, value]))
    return (DAYS[part.get('weekday') ?? 'Mon'] * 24 + Number(part.get('hour'))) * 60 + Number(part.get('minute'))
  }
}

/**
 * The first instant from `timeMs` on that lies outside all spans, to the minute; `timeMs` itself when it does. Spans that
 * leave no minute of the week free never end: then it is a week later.
 */
export function endOfSpans(spans: readonly TimeSpan[], timeMs: number, minuteOfWeek: MinuteOfWeek): number {
  const start = minuteOfWeek(timeMs)
  let ahead = 0
  while (ahead < WEEK_MINUTES && isWithin(spans, (start + ahead) % WEEK_MINUTES)) ahead++
  if (ahead === 0) return timeMs
  const end = Math.floor(timeMs / MINUTE_MS + ahead) * MINUTE_MS
  // Where the clock was put forward or back in between, the local time has moved by as much.
  const moved = (minuteOfWeek(end) - start - ahead + 1.5 * WEEK_MINUTES) % WEEK_MINUTES
  return end - (((moved + WEEK_MINUTES) % WEEK_MINUTES) - WEEK_MINUTES / 2) * MINUTE_MS
}
