const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:?\d{2})$/

/** Epoch milliseconds of an RFC 3339 time with its zone; NaN for anything else. The common UTC form takes a short way. */
export function parseRfc3339(text: string): number {
  if (text.length === 24 && text[23] === 'Z' && text[10] === 'T' && text[19] === '.' && hasSeparators(text)) {
    const year = digits(text, 0, 4)
    const month = digits(text, 5, 7)
    const day = digits(text, 8, 10)
    const hour = digits(text, 11, 13)
    const minute = digits(text, 14, 16)
    const second = digits(text, 17, 19)
    const ms = digits(text, 20, 23)
    // NaN from a non-digit fails every comparison and goes the long way, where it is judged.
    if (
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= 28 &&
      hour <= 23 &&
      minute <= 59 &&
      second <= 59 &&
      year + ms >= 0
    ) {
      return Date.UTC(year, month - 1, day, hour, minute, second, ms)
    }
  }
  if (!RFC3339.test(text)) return Number.NaN
  const ms = Date.parse(text)
  // Date.parse rolls 30 February over into March; a calendar that does not hold the day is refused instead.
  const dayOfMonth = digits(text, 8, 10)
  const daysInMonth = new Date(Date.UTC(digits(text, 0, 4), digits(text, 5, 7), 0)).getUTCDate()
  return dayOfMonth > daysInMonth ? Number.NaN : ms
}

const hasSeparators = (text: string): boolean =>
  text[4] === '-' && text[7] === '-' && text[13] === ':' && text[16] === ':'

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
