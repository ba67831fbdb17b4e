export interface StartQuestion {
  /** The first offset the sink has not taken; null when it has never seen the partition. */
  readonly next: bigint | null
  /** The ends of the partition's log; null when it was made after the last look, and so holds its first message still. */
  readonly ends: { readonly low: bigint; readonly high: bigint } | null
  /** Where to start a partition never seen; null is its first message. */
  readonly latest: bigint | null
}

export type StartOffset =
  | { readonly kind: 'resume' | 'first' | 'latest'; readonly offset: bigint }
  /** Messages between the store's offset and the log's start are gone. */
  | { readonly kind: 'gap'; readonly offset: bigint; readonly messages: number }
  /** The log ends before the store's offset: another log under the same name. Its messages will count as taken. */
  | { readonly kind: 'beyond'; readonly offset: bigint }

/** Decides where to read a partition from, so that the broker is never asked for an offset it does not have. */
export function chooseStart({ next, ends, latest }: StartQuestion): StartOffset {
  const low = ends?.low ?? 0n
  if (next === null) {
    return latest === null || latest < low ? { kind: 'first', offset: low } : { kind: 'latest', offset: latest }
  }
  if (next < low) return { kind: 'gap', offset: low, messages: Number(low - next) }
  if (ends !== null && next > ends.high) return { kind: 'beyond', offset: low }
  return { kind: 'resume', offset: next }
}
