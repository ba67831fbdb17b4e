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
  const end = minutesAfter(timeMs, ahead)
  if (minuteOfWeek(end) === (start + ahead) % WEEK_MINUTES) return end
  // The clock is put forward or back on the way, up to which all is within the spans.
  let [before, after] = [0, ahead]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (minuteOfWeek(minutesAfter(timeMs, middle)) === (start + middle) % WEEK_MINUTES) before = middle
    else after = middle
  }
  return endOfSpans(spans, minutesAfter(timeMs, after), minuteOfWeek)
}

/** The beginning of the minute that comes so many minutes after the one of `timeMs`. */
const minutesAfter = (timeMs: number, minutes: number): number => (Math.floor(timeMs / MINUTE_MS) + minutes) * MINUTE_MS
