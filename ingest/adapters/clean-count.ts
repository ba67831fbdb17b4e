import { cleanText } from './clean-text.ts'

const COUNT = /^\+?\d{1,15}([.,]0+)?$/
const LARGEST = 2_147_483_647

/**
 * A count as CRMs write it (`12`, `20680.0`, 12); null for an empty or unreadable one, which is not 0. Negative values,
 * which some sources write for "not known", are null as well.
 */
export function cleanCount(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= LARGEST ? value : null
  const text = cleanText(value)
  if (text === null || !COUNT.test(text)) return null
  const count = Number.parseInt(text, 10)
  return count <= LARGEST ? count : null
}
