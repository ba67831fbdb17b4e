import type { NativeRows } from './native-rows.ts'

/** What a hand-over of a source came to; stored with its last part. */
export interface SourceTally {
  readonly source: string
  /** Wall clock, epoch ms. */
  readonly arrivedAt: number
  readonly records: number
  /** Events; these two, and what is rejected for want of room, grow until the batch is written. */
  accepted: number
  duplicates: number
  readonly ignored: ReadonlyMap<string, number>
  /** Rows by reason code. Negative where letters were read again. */
  readonly rejected: Map<string, number>
  readonly unmapped: ReadonlyMap<string, number>
  /** Epoch ms of event time; null without events. */
  readonly newestEvent: number | null
}

export function tallyOf(
  source: string,
  rows: NativeRows,
  arrivedAt: number,
  corrections: ReadonlyMap<string, number> = new Map(),
): SourceTally {
  const rejected = new Map(corrections)
  for (const { reason } of rows.rejected) rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
  const newest = rows.events.reduce((max, { time }) => Math.max(max, time), Number.NEGATIVE_INFINITY)
  return {
    source,
    arrivedAt,
    records: rows.records,
    accepted: 0,
    duplicates: 0,
    ignored: rows.ignored,
    rejected,
    unmapped: rows.unmapped,
    newestEvent: newest === Number.NEGATIVE_INFINITY ? null : newest,
  }
}
