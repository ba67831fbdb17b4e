import { cleanTime, UTC } from '../clean-time.ts'
import { createTimeFormat } from './time-format.ts'

/** As many as a mapping may name. */
const MOST_FORMATS = 10
const CLOCKS = ['h:mm:ss A', 'h:mm A', 'H:mm:ss', 'H:mm']
const readable = (format: string) => {
  const read = createTimeFormat(format, UTC)
  return { format, reads: (value: unknown) => typeof value === 'string' && !Number.isNaN(read(value)) }
}
const formatsOf = (days: readonly string[]) =>
  days.flatMap((day) => [...CLOCKS.flatMap((clock) => [`${day} ${clock}`, `${day}, ${clock}`]), day]).map(readable)

const DAY_FIRST = formatsOf(['D/M/YYYY', 'D-M-YYYY', 'D.M.YYYY'])
const MONTH_FIRST = formatsOf(['M/D/YYYY', 'M-D-YYYY'])
const WRITTEN_OUT = ['D MMM YYYY HH:mm:ss', 'MMM D, YYYY h:mm A'].map(readable)

const isUnderstood = (value: unknown): boolean => !Number.isNaN(cleanTime(value))
const isReadBy = (formats: typeof DAY_FIRST, value: unknown): boolean => formats.some(({ reads }) => reads(value))
const isNumeric = (value: unknown): boolean =>
  typeof value === 'string' && /^\s*\d{1,2}([-./])\d{1,2}\1\d{4}/.test(value)
const hasNoon = (value: unknown): boolean => typeof value === 'string' && /[AP]\.?M\.?\s*$/i.test(value)

/** Whether a value is a time, in whatever form a mapping can name. */
export const isTime = (value: unknown): boolean =>
  isUnderstood(value) || [DAY_FIRST, MONTH_FIRST, WRITTEN_OUT].some((formats) => isReadBy(formats, value))

export interface TimeProposal {
  /** None where the values are understood without. */
  readonly formats: readonly string[]
  /** What is to be said of them. */
  readonly notes: readonly string[]
}

/**
 * How a column's times are to be read. Of dates such as 11/02/2026 the values tell whether the day or the month goes
 * first; where both fit it is a guess, and said to be one.
 */
export function proposeTime(values: readonly unknown[]): TimeProposal {
  const notes = values.every(isDayAlone)
    ? ['time: the values are days without a time of day; what is counted by the hour will not be right']
    : []
  const numeric = values.filter(isNumeric)
  if (numeric.length === 0) {
    return { formats: values.some(isUnderstood) ? [] : thoseReading(WRITTEN_OUT, values), notes }
  }
  const failures = (formats: typeof DAY_FIRST) => numeric.filter((value) => !isReadBy(formats, value)).length
  const [byDay, byMonth] = [failures(DAY_FIRST), failures(MONTH_FIRST)]
  const isGuess = byDay === byMonth
  // A clock with AM and PM is that of those who write the month first.
  const isMonthFirst = isGuess ? numeric.some(hasNoon) : byMonth < byDay
  const [dayFirst, monthFirst] = [DAY_FIRST, MONTH_FIRST].map((formats) => thoseReading(formats, numeric))
  if (isGuess) {
    const [taken, otherwise] = isMonthFirst ? ['month', dayFirst] : ['day', monthFirst]
    notes.push(
      `time: day and month cannot be told apart by the values; ${taken} first is a guess, the other way is format: ${otherwise[0]}`,
    )
  }
  if (isMonthFirst) return { formats: monthFirst, notes }
  return { formats: values.every(isUnderstood) ? [] : dayFirst, notes }
}

const thoseReading = (formats: typeof DAY_FIRST, values: readonly unknown[]): string[] =>
  formats
    .filter(({ reads }) => values.some(reads))
    .map(({ format }) => format)
    .slice(0, MOST_FORMATS)

const isDayAlone = (value: unknown): boolean =>
  typeof value === 'string' && /^\s*\d{1,4}([-./])\d{1,2}\1\d{1,4}\s*$/.test(value)
