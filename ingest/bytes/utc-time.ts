const DASH = 0x2d
const COLON = 0x3a
const DOT = 0x2e
const T = 0x54
const Z = 0x5a
const DAY_MS = 86_400_000
/** By month, from 1; leap days aside. */
const DAYS_IN_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Epoch milliseconds of a time written as `2026-01-05T07:00:00.000Z`, with milliseconds or without; NaN for any other
 * form, though it may be a good RFC 3339 time, and for the 29th of February.
 */
export function parseUtcBetween(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from
  if (length !== 24 && length !== 20) return Number.NaN
  if (
    bytes[from + 4] !== DASH ||
    bytes[from + 7] !== DASH ||
    bytes[from + 10] !== T ||
    bytes[from + 13] !== COLON ||
    bytes[from + 16] !== COLON ||
    bytes[to - 1] !== Z ||
    (length === 24 && bytes[from + 19] !== DOT)
  ) {
    return Number.NaN
  }
  const year = twoDigits(bytes, from) * 100 + twoDigits(bytes, from + 2)
  const month = twoDigits(bytes, from + 5)
  const day = twoDigits(bytes, from + 8)
  const hour = twoDigits(bytes, from + 11)
  const minute = twoDigits(bytes, from + 14)
  const second = twoDigits(bytes, from + 17)
  const ms = length === 24 ? twoDigits(bytes, from + 20) * 10 + (twoDigits(bytes, from + 21) % 10) : 0
  // A byte that is no digit makes its number NaN, and every comparison with it false.
  if (!(year >= 1 && day >= 1 && day <= DAYS_IN_MONTH[month])) return Number.NaN
  if (!(hour <= 23 && minute <= 59 && second <= 59 && ms >= 0)) return Number.NaN
  return daysSince1970(year, month, day) * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 0x30
  const ones = bytes[at + 1] - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Days of the Gregorian calendar, counted in years that begin in March, so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 719_469
}
