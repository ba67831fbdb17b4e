export interface BackoffLimits {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * The wait before attempt `attempt` (from 1): doubling from `firstMs` up to `longestMs`, of which the upper half is
 * chance, so that instances that failed together do not come back together.
 */
export function backoffMs(attempt: number, limits: BackoffLimits, random: () => number): number {
  const full = Math.min(limits.longestMs, limits.firstMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(full / 2 + (full / 2) * random())
}
