import { cleanText } from './clean-text.ts'

const DIGITS = /^\+?\d{1,15}$/
/** Thousands by commas, by spaces and apostrophes, or by points, of which there are then two or a comma follows. */
const GROUPED =
  /^\+?([1-9]\d{0,2}(?:(?:,\d{3})+(?=$|\.0+$)|(?:[ \u00a0\u2009\u202f'’]\d{3})+(?=$|[.,]0+$)|(?:\.\d{3}){2,}(?=$|,0+$)|\.\d{3}(?=,0+$)))/
const FRACTION = /^\+?(\d{1,15})[.,]0+$/
const LARGEST = 2_147_483_647

/**
 * A count as CRMs write it (`12`, `20680.0`, `20680,0`, `1,234`, 12); null for an empty or unreadable one, which is not
 * 0. Negative values, which some sources write for "not known", are null as well.
 *
 * A comma before exactly three digits separates thousands when at most three stand in front of it: `1,000` is a
 * thousand. A single point is a decimal point: `1.000` is 1, and `1.234`, which is no whole number then, is not known.
 */
export function cleanCount(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= LARGEST ? value : null
  const text = cleanText(value)
  if (text === null) return null
  const count = DIGITS.test(text) ? Number(text) : Number(wholeIn(text) ?? Number.NaN)
  return count <= LARGEST ? count : null
}

/** The digits of a whole number that is written with separators or with a fraction of zeros. */
const wholeIn = (text: string): string | undefined =>
  GROUPED.exec(text)?.[1].replaceAll(/\D/g, '') ?? FRACTION.exec(text)?.[1]
