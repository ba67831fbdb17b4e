import type { ClosedDay } from '../../detectors/baseline/actor-history.ts'

/**
 * log10 of the tail probability of each slot's peak under the baseline as it stood on the day, NaN where there was
 * none; null while the engine does not tell.
 */
export function tailsOfClosedDay(day: ClosedDay & { readonly tails?: ArrayLike<number> }): ArrayLike<number> | null {
  return day.tails ?? null
}
