/**
 * One text a row in UTF-8, one behind the other: a batch's event ids need no object each. Rows are set in their order;
 * setting a row again drops what stands behind it.
 */
export interface TextColumn {
  /** Replaced as it grows. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each row's text ends; it starts where that of the row before ends. */
  readonly ends: Int32Array
  set(row: number, text: string): void
  /** Takes the text that stands between two places as ASCII. */
  setAscii(row: number, source: Uint8Array, from: number, to: number): void
  get(row: number): string
}

const FIRST_BYTES_A_ROW = 32
/** UTF-8 takes up to three bytes for a UTF-16 code unit. */
const BYTES_A_UNIT = 3

export function createTextColumn(capacity: number): TextColumn {
  let bytes = new Uint8Array(capacity * FIRST_BYTES_A_ROW)
  const ends = new Int32Array(capacity)
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  const startOf = (row: number): number => (row === 0 ? 0 : ends[row - 1])
  const makeRoom = (wanted: number) => {
    if (wanted <= bytes.length) return
    const grown = new Uint8Array(Math.max(wanted, bytes.length * 2))
    grown.set(bytes)
    bytes = grown
  }
  return {
    get bytes() {
      return bytes
    },
    ends,
    set(row, text) {
      const start = startOf(row)
      makeRoom(start + text.length * BYTES_A_UNIT)
      ends[row] = start + encoder.encodeInto(text, bytes.subarray(start)).written
    },
    setAscii(row, source, from, to) {
      const start = startOf(row)
      makeRoom(start + to - from)
      // Ids are short: below some 50 bytes a loop is quicker than TypedArray's set with a view of its own.
      for (let at = from, into = start; at < to; at++, into++) bytes[into] = source[at]
      ends[row] = start + to - from
    },
    get: (row) => decoder.decode(bytes.subarray(startOf(row), ends[row])),
  }
}
