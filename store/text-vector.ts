import duckdb from '@duckdb/node-bindings'
import type { TextColumn } from '../model/text-column.ts'

/** DuckDB's text in a vector: length; then up to 12 bytes, or the first 4 and the address of all. 32-bit words. */
const WORDS = 4
const INLINE_BYTES = 12
const PREFIX_BYTES = 4
const WORD_RANGE = 0x1_0000_0000

/**
 * Fills a VARCHAR vector with rows of a column. The rows' bytes, which lie side by side, are handed over as one text;
 * DuckDB copies them into the vector's own heap, and the rows then point into that copy. One call for all instead of one
 * for each, which takes a quarter of the time.
 */
export function fillTexts(vector: duckdb.Vector, { bytes, ends }: TextColumn, firstRow: number, count: number): void {
  if (count === 0) return
  const start = firstRow === 0 ? 0 : ends[firstRow - 1]
  const heap = placeHeap(vector, bytes.subarray(start, ends[firstRow + count - 1]))
  const words = new Int32Array(count * WORDS)
  const inline = new Uint8Array(words.buffer)
  let from = start
  for (let i = 0; i < count; i++) {
    const to = ends[firstRow + i]
    const length = to - from
    const at = i * WORDS
    words[at] = length
    const shown = length <= INLINE_BYTES ? length : PREFIX_BYTES
    for (let k = 0; k < shown; k++) inline[4 * (at + 1) + k] = bytes[from + k]
    if (length > INLINE_BYTES) {
      const low = heap.low + from - start
      words[at + 2] = low
      words[at + 3] = low < WORD_RANGE ? heap.high : heap.high + 1
    }
    from = to
  }
  duckdb.copy_data_to_vector(vector, 0, words.buffer, 0, words.byteLength)
}

/** Copies all texts into the vector's heap, by way of its first row; where they stand now, as two words. */
function placeHeap(vector: duckdb.Vector, all: Uint8Array): { readonly low: number; readonly high: number } {
  if (all.length <= INLINE_BYTES) return { low: 0, high: 0 }
  duckdb.vector_assign_string_element_len(vector, 0, all)
  const row = duckdb.vector_get_data(vector, WORDS * 4)
  const words = new DataView(row.buffer, row.byteOffset, row.byteLength)
  return { low: words.getUint32(8, true), high: words.getInt32(12, true) }
}
