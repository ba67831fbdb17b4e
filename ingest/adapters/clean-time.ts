import { cleanText } from './clean-text.ts'

/** Turns the local wall-clock time of a zone, given as if it were UTC, into epoch ms. */
export type LocalTime = (asIfUtc: number) => number

export const UTC: LocalTime = (asIfUtc) => asIfUtc

/** `YYYY-MM-DD[ T]HH:MM[:SS[.fff]][zone]`, also with slashes or dots between the date's parts, and a date alone. */
const ISO =
  /^(\d{4})([-/.])(\d{2})\2(\d{2})(?:(?:[Tt]| +)(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: *(Z|z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?))?)?$/
/** `DD.MM.YYYY HH:MM[:SS]` and `DD/MM/YYYY`: day first. */
const DAY_FIRST = /^(\d{2})[./](\d{2})[./](\d{4})(?:[ ,T]+(\d{2}):(\d{2})(?::(\d{2}))?)?$/
/** `YYYYMMDDHHMMSS[.fff]`. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{0,9}))?$/
const DIGITS = /^\d{9,19}(\.\d{1,9})?$/

/**
 * Epoch ms of a time as CRMs write it; NaN when it cannot be told. Numbers are seconds, milliseconds, microseconds or
 * nanoseconds by their size. A text without a zone is read by `local`, UTC unless the format says otherwise.
 */
export function cleanTime(value: unknown, local: LocalTime = UTC): number {
  if (typeof value === 'number') return epoch(value)
  const text = cleanText(value)
  if (text === null || text.length > 40) return Number.NaN
  const iso = ISO.exec(text)
  if (iso !== null) {
    const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = iso
    const time = calendar(+year, +month, +day, +hour, +minute, +second, fraction)
    return zone === undefined ? local(time) : time - offsetMs(zone)
  }
  const compact = COMPACT.exec(text)
  if (compact !== null) {
    const [, year, month, day, hour, minute, second, fraction = ''] = compact
    return local(calendar(+year, +month, +day, +hour, +minute, +second, fraction))
  }
  if (DIGITS.test(text)) return epoch(Number(text))
  const dayFirst = DAY_FIRST.exec(text)
  if (dayFirst === null) return Number.NaN
  const [, day, month, year, hour = '0', minute = '0', second = '0'] = dayFirst
  return local(calendar(+year, +month, +day, +hour, +minute, +second, ''))
}

/** Times between 2001 and 2286 have sizes in the four units that do not overlap. */
function epoch(value: number): number {
  if (value >= 1e9 && value < 1e10) return Math.round(value * 1000)
  if (value >= 1e11 && value < 1e13) return Math.floor(value)
  // A date written together, such as 20201016100000.049, which a collector took for a number.
  if (value >= 1.9e13 && value < 1e14) return cleanTime(value.toFixed(3))
  if (value >= 1e14 && value < 1e16) return Math.floor(value / 1e3)
  if (value >= 1e17 && value < 1e19) return Math.floor(value / 1e6)
  return Number.NaN
}

function calendar(y: number, mo: number, d: number, h: number, mi: number, s: number, fraction: string): number {
  if (mo < 1 || mo > 12 || d < 1 || h > 23 || mi > 59 || s > 60) return Number.NaN
  if (d > 28 && d > new Date(Date.UTC(y, mo, 0)).getUTCDate()) return Number.NaN
  const ms = fraction === '' ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3))
  return Date.UTC(y, mo - 1, d, h, mi, s, ms)
}

function offsetMs(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
