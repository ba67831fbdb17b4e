import type { AdapterRejectReason, NativeRow } from '../adapter.ts'

/** The bytes of one record, or why there is none; `raw` is valid until the next call of the splitter. */
export interface Piece {
  readonly raw: Buffer
  readonly fault: { readonly reason: AdapterRejectReason; readonly detail: string } | null
}

/** Cuts a stream of UTF-8 bytes into records, holding no more than one of them. */
export interface Splitter {
  push(chunk: Buffer): Piece[]
  /** What is left at the end of the file. */
  end(): Piece[]
}

/** One record of a file: its row, or why it has none. */
export type SourceRecord = {
  /** Place among the file's records, from 1; a CSV's header and blank lines are none. */
  readonly position: number
  /** As it stood in the file; valid until the next record is asked for. */
  readonly raw: Buffer
} & (
  | { readonly row: NativeRow }
  | { readonly row: null; readonly reason: AdapterRejectReason; readonly detail: string }
)
