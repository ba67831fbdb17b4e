import type { OpenBatch } from '../pipeline/open-batch.ts'
import type { NativeRows } from './native-rows.ts'
import type { SourceTally } from './source-tally.ts'

/** Rows of one source on their way into the store. */
export interface RowsHandOver {
  readonly source: string
  readonly rows: NativeRows
  /** The stream's partition they came from; null outside streams. */
  readonly stream: { readonly topic: string; readonly partition: number } | null
  /** Rows by reason that were counted as rejected before and are no more (negative), or are now (positive). */
  readonly corrections?: ReadonlyMap<string, number>
  /** Adds to the transaction of the last row what says that all were taken: an offset, a file's progress. */
  readonly finish?: (into: OpenBatch) => void
  /** Called after the commit of all of them, or with the error that prevents it. Whoever gives it does not wait long. */
  readonly settled?: (error: Error | null, tally: SourceTally) => void
}
