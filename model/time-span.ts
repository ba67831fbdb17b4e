/** A part of every week by the local clock, such as `Mon-Fri 22:00-07:00`. */
export interface TimeSpan {
  /** Days on which it begins, 0 is Monday. */
  readonly days: readonly number[]
  readonly fromMinute: number
  readonly lengthMinutes: number
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const DAY_MINUTES = 1_440
export const WEEK_MINUTES = 7 * DAY_MINUTES

/**
 * Reads `[DAYS ][HH:MM-HH:MM]`, where DAYS is a day (`Sat`), a range (`Mon-Fri`) or several with commas; without days it
 * is every day, without hours the whole day. A span whose end is not after its start reaches into the next day, and
 * belongs to the day on which it begins. Null when the text is none of that.
 */
export function parseTimeSpan(text: string): TimeSpan | null {
  const match = /^(?:([A-Za-z,-]+))?\s*(?:(\d{2}):(\d{2})-(\d{2}):(\d{2}))?$/.exec(text.trim())
  if (match === null || text.trim() === '') return null
  const [, dayText, ...clock] = match
  const days = dayText === undefined ? DAYS.map((_, day) => day) : parseDays(dayText)
  if (days === null) return null
  if (clock[0] === undefined) return { days, fromMinute: 0, lengthMinutes: DAY_MINUTES }
  const [fromHour, fromMinute, toHour, toMinute] = clock.map(Number)
  const from = fromHour * 60 + fromMinute
  const to = toHour * 60 + toMinute
  if (fromMinute > 59 || toMinute > 59 || from >= DAY_MINUTES || to > DAY_MINUTES || from === to) return null
  return { days, fromMinute: from, lengthMinutes: to > from ? to - from : to - from + DAY_MINUTES }
}

function parseDays(text: string): number[] | null {
  const days = new Set<number>()
  for (const part of text.toLowerCase().split(',')) {
    const [first, last, ...more] = part.split('-').map((name) => DAYS.indexOf(name))
    if (more.length > 0 || first === -1 || last === -1) return null
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === (last ?? first)) break
    }
  }
  return [...days].sort((a, b) => a - b)
}

/** Whether the minute of the week, counted from Monday 00:00, lies in one of the spans. */
export const isWithin = (spans: readonly TimeSpan[], minuteOfWeek: number): boolean =>
  spans.some(({ days, fromMinute, lengthMinutes }) =>
    days.some((day) => {
      const since = minuteOfWeek - day * DAY_MINUTES - fromMinute
      return (since + WEEK_MINUTES) % WEEK_MINUTES < lengthMinutes
    }),
  )
