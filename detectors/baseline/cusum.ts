import { probit } from 'simple-statistics'
import { type Distribution, tailLog10 } from './distribution.ts'

const DRIFT = 0.5
const LOWEST_Z = -3
const HIGHEST_Z = 4
/** More than this says no more, and what is long over would never be forgotten. */
const HIGHEST = 20

/**
 * One step of the CUSUM, S = max(0, S + clip(z, -3, 4) - 0.5) up to 20, z the normal score of the day's count by its
 * mid-p value under the baseline (Page 1954; mid-p keeps the mean score near zero for small counts).
 */
export function nextCusum(before: number, count: number, distribution: Distribution): number {
  const [at, above] = sameAs(count, distribution)
  const midP = (10 ** tailLog10(distribution, at) + 10 ** tailLog10(distribution, above)) / 2
  const z = -probit(Math.min(Math.max(midP, 1e-9), 1 - 1e-9))
  return Math.min(HIGHEST, Math.max(0, before + Math.min(Math.max(z, LOWEST_Z), HIGHEST_Z) - DRIFT))
}

/** The lowest count that says the same as `count`, and the lowest that says more: what is of no size is as nothing. */
const sameAs = (count: number, distribution: Distribution): readonly [number, number] =>
  distribution.family === 'size' && count < distribution.least ? [0, distribution.least] : [count, count + 1]

/** The guess is held back by so many deviations, so that it seldom fails. */
const HELD_BACK = 0.25

/**
 * A count of the day, `count` or more, with which the CUSUM stays at `most` or below where it does with `count`. Not the
 * greatest: one guess by a log-normal law of equal mean and variance is tried, and where it fails the answer is `count`.
 */
export function cusumStaysUpTo(before: number, most: number, distribution: Distribution, count: number): number {
  if (distribution.family !== 'count') return count
  const { mean, dispersion } = distribution
  const logVariance = Math.log1p(1 / mean + dispersion)
  const z = most - before + DRIFT - HELD_BACK
  const guess = Math.floor(mean * Math.exp(z * Math.sqrt(logVariance) - logVariance / 2))
  return guess > count && nextCusum(before, guess, distribution) <= most ? guess : count
}
