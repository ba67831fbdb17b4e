import { normalTailLog10 } from '../baseline/distribution.ts'

/** Day-to-day spread of a share on the angular scale, beside chance: the share of one day differs from that of another. */
const SPREAD = { '1d': 0.09, '7d': 0.06, '28d': 0.045 } as const
/** Weight of the peers' share, in contacts. */
const PEER_CONTACTS = 60

export interface ShareHistory {
  /** Own faded sums over past days. */
  readonly of: number
  readonly among: number
  readonly peerShare: number
}

export const expectedShare = ({ of, among, peerShare }: ShareHistory): number =>
  Math.min(0.999, Math.max(0.0005, (of + PEER_CONTACTS * peerShare) / (among + PEER_CONTACTS)))

/**
 * log10 of the probability that a share is `count` of `among` or more: the angular transformation (Anscombe 1948) makes
 * its spread the same for all shares; to that of chance are added that of the estimate and that from day to day.
 */
export function shareTailLog10(
  count: number,
  among: number,
  history: ShareHistory,
  window: '1d' | '7d' | '28d',
): number {
  const whole = Math.max(among, count)
  const seen = Math.asin(Math.sqrt(Math.max(0, count - 0.5) / whole))
  const usual = Math.asin(Math.sqrt(expectedShare(history)))
  const variance = 1 / (4 * whole) + 1 / (4 * (history.among + PEER_CONTACTS)) + SPREAD[window] ** 2
  return normalTailLog10((seen - usual) / Math.sqrt(variance))
}
