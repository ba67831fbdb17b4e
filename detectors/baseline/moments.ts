import { SLOT_COUNT } from '../../model/measure.ts'
import { LEAST_SIZE } from './defaults.ts'

/** Weighted sums of day peaks of one subject and slot, from which both families' parameters follow. */
export interface Totals {
  readonly weights: Float64Array
  readonly sums: Float64Array
  readonly squares: Float64Array
  /** Weight of the days with any of some size, and their logarithms' sums. */
  readonly hits: Float64Array
  readonly logSums: Float64Array
  readonly logSquares: Float64Array
}

export function createTotals(rows: number): Totals {
  const array = () => new Float64Array(rows * SLOT_COUNT)
  return { weights: array(), sums: array(), squares: array(), hits: array(), logSums: array(), logSquares: array() }
}

/** Adds a day's peak at position `at`; what was there fades by `keep`. */
export function addToTotals(totals: Totals, at: number, value: number, weight: number, keep: number): void {
  totals.weights[at] = totals.weights[at] * keep + weight
  totals.sums[at] = totals.sums[at] * keep + weight * value
  totals.squares[at] = totals.squares[at] * keep + weight * value * value
  const isSized = value >= LEAST_SIZE[at % SLOT_COUNT]
  const log = isSized ? onGrid(Math.log(value)) : 0
  const hit = isSized ? weight : 0
  totals.hits[at] = totals.hits[at] * keep + hit
  totals.logSums[at] = totals.logSums[at] * keep + hit * log
  totals.logSquares[at] = totals.logSquares[at] * keep + hit * onGrid(log * log)
}

/** Logarithms are kept to a millionth, so that sums of them are exact and the order in which days close leaves no trace. */
const onGrid = (value: number): number => Math.round(value * 2 ** 20) / 2 ** 20

/** Adds all of `from` to `to`, whose own fade by `keep` first. */
export function foldTotals(to: Totals, from: Totals, keep: number): void {
  for (const name of NAMES) {
    const target = to[name]
    const source = from[name]
    for (let i = 0; i < target.length; i++) target[i] = target[i] * keep + source[i]
  }
}

/** Moment estimate of 1/k for a negative binomial: (variance - mean) / mean^2, not below 0; null when nothing is known. */
export function dispersionOf(totals: Totals, at: number): number | null {
  const n = totals.weights[at]
  const mean = n > 0 ? totals.sums[at] / n : 0
  if (n <= 1 || mean <= 0) return null
  const variance = ((totals.squares[at] / n - mean * mean) * n) / (n - 1)
  return Math.max(0, (variance - mean) / (mean * mean))
}

/** Variance of the logarithms of the days with any of some size; null when there are too few. */
export function logVarianceOf(totals: Totals, at: number): number | null {
  const n = totals.hits[at]
  if (n <= 1) return null
  const mean = totals.logSums[at] / n
  return Math.max(0, ((totals.logSquares[at] / n - mean * mean) * n) / (n - 1))
}

/**
 * By what the sum of a slot that was taught on `amongDays` days is made one of `days` days, so that another slot's is a
 * share of it: what is new to a person is known four weeks later than what that person opened.
 */
export const onSameDays = (days: number, amongDays: number): number => (amongDays > 0 ? days / amongDays : 1)

export function grownTotals(old: Totals, rows: number): Totals {
  const totals = createTotals(rows)
  for (const name of NAMES) totals[name].set(old[name])
  return totals
}

export function clearTotals(totals: Totals, row: number): void {
  for (const name of NAMES) totals[name].fill(0, row * SLOT_COUNT, (row + 1) * SLOT_COUNT)
}

const NAMES = ['weights', 'sums', 'squares', 'hits', 'logSums', 'logSquares'] as const
