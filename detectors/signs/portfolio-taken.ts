import { grown, roomFor } from '../grown.ts'

/** Far beyond any portfolio, and what a count is held in. */
const MOST_HUNDREDTHS = 1_000_000_000

/**
 * What a person has taken out today, in hundredths of their own portfolio. The sum is kept exactly, so that what is
 * logged row by row comes to the same as what is logged at once.
 */
export interface PortfolioTaken {
  /** By how many whole hundredths the day's sum has grown. `portfolio`: contacts in it, more than 0. */
  take(actor: number, records: number, portfolio: number): number
  clear(actor: number): void
}

export function createPortfolioTaken(): PortfolioTaken {
  let sums = new Float64Array(0)
  return {
    take(actor, records, portfolio) {
      if (actor >= sums.length) sums = grown(sums, new Float64Array(roomFor(actor + 1, sums.length)))
      const before = sums[actor]
      sums[actor] = Math.min(MOST_HUNDREDTHS, before + (100 * records) / portfolio)
      return Math.round(sums[actor]) - Math.round(before)
    },
    clear(actor) {
      if (actor < sums.length) sums[actor] = 0
    },
  }
}
