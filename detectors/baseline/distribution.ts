import { cumulativeStdNormalProbability } from 'simple-statistics'
import { MEASURES, type Measure, WINDOWS } from '../../model/measure.ts'
import { tailLog10 as countTailLog10 } from './negative-binomial.ts'

/**
 * How a day's peak is distributed. `count`: negative binomial, for what people do one by one. `size`: for what comes in
 * operations of any size (exports, lists), where one operation moves the sum by hundreds: on a share `rate` of the days
 * there is something, of at least a size (`least`), and then its logarithm is normal.
 */
export type Distribution =
  | { readonly family: 'count'; readonly mean: number; readonly dispersion: number }
  | {
      readonly family: 'size'
      readonly rate: number
      readonly logMean: number
      readonly logSd: number
      readonly least: number
    }

const FAMILY: Readonly<Record<Measure, Distribution['family']>> = {
  contacts_viewed: 'count',
  contacts_copied: 'count',
  records_taken: 'size',
  records_listed: 'size',
  unsized_exports: 'count',
  contacts_foreign: 'count',
  contacts_new: 'count',
  contacts_off_hours: 'size',
  contacts_in_order: 'count',
  records_new_place: 'size',
  contacts_unworked: 'count',
  records_elsewhere: 'size',
  contacts_planted: 'count',
  records_shared: 'size',
  records_new_way: 'size',
  records_cleared: 'size',
  records_on_leave: 'size',
  contacts_even: 'count',
  portfolio_taken: 'size',
}

export const familyOfSlot = (slot: number): Distribution['family'] =>
  FAMILY[MEASURES[Math.floor(slot / WINDOWS.length)]]

/** log10 of P(X >= count). */
export function tailLog10(distribution: Distribution, count: number): number {
  if (count <= 0) return 0
  if (distribution.family === 'count') return countTailLog10(count, distribution.mean, distribution.dispersion)
  const { rate, logMean, logSd } = distribution
  return Math.min(0, Math.log10(rate) + normalTailLog10((Math.log(count) - logMean) / logSd))
}

/** The smallest count whose tail is at most 10^cutLog10: the limit for a count to be called unusual. */
export function tailQuantile(distribution: Distribution, cutLog10: number): number {
  let low = 0
  let high = 4
  while (high < CEILING && tailLog10(distribution, high) > cutLog10) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (tailLog10(distribution, middle) > cutLog10) low = middle
    else high = middle
  }
  return high
}

const CEILING = 2 ** 40

/** What is usual: the mean, or for sizes the share of days with any times their median. */
export const expectedOf = (distribution: Distribution): number =>
  distribution.family === 'count' ? distribution.mean : distribution.rate * Math.exp(distribution.logMean)

/**
 * log10 of P(Z >= z): the tabled value up to 3, beyond it the continued fraction of Mills' ratio (Abramowitz and
 * Stegun 26.2.14), which holds where the probability itself has no digits left.
 */
export function normalTailLog10(z: number): number {
  if (z < 3) return Math.log10(1 - cumulativeStdNormalProbability(z))
  let fraction = z
  for (let i = 30; i >= 1; i--) fraction = z + i / fraction
  return (-(z * z) / 2 - Math.log(fraction * Math.sqrt(2 * Math.PI))) / Math.LN10
}
