const FIRST_SIZE = 1 << 12
const NO_CODE = -1
/** An entry is four numbers side by side, so that a look-up touches one cache line: lo, hi, code, nothing. */
const WIDTH = 4

/**
 * Codes by 64-bit fingerprint, without the texts: open addressing over a typed array, about 25 bytes an entry where a
 * Map of strings takes over a hundred. Codes are dense from 0.
 */
export interface CodeTable {
  /** The code of a fingerprint, or -1. */
  find(lo: number, hi: number): number
  /** Gives the next code to a fingerprint that is absent. */
  add(lo: number, hi: number): number
  /** Fetches into the processor's cache what find() will read; the number keeps the reading from being left out. */
  prefetch(lo: number): number
  readonly size: number
}

export function createCodeTable(): CodeTable {
  let slots = FIRST_SIZE
  let entries = emptyEntries(slots)
  let size = 0

  const placeOf = (lo: number, hi: number): number => {
    const mask = slots - 1
    let slot = lo & mask
    for (;;) {
      const at = slot * WIDTH
      if (entries[at + 2] === NO_CODE || (entries[at] === lo && entries[at + 1] === hi)) return at
      slot = (slot + 1) & mask
    }
  }

  const put = (lo: number, hi: number, code: number) => {
    const at = placeOf(lo, hi)
    entries[at] = lo
    entries[at + 1] = hi
    entries[at + 2] = code
  }

  const grow = () => {
    const before = entries
    slots *= 2
    entries = emptyEntries(slots)
    for (let at = 0; at < before.length; at += WIDTH) {
      if (before[at + 2] !== NO_CODE) put(before[at], before[at + 1], before[at + 2])
    }
  }

  return {
    find: (lo, hi) => entries[placeOf(lo, hi) + 2],
    prefetch: (lo) => entries[(lo & (slots - 1)) * WIDTH],
    add(lo, hi) {
      if ((size + 1) * 3 > slots * 2) grow()
      put(lo, hi, size)
      return size++
    },
    get size() {
      return size
    },
  }
}

function emptyEntries(slots: number): Int32Array<ArrayBuffer> {
  const entries = new Int32Array(slots * WIDTH)
  for (let at = 2; at < entries.length; at += WIDTH) entries[at] = NO_CODE
  return entries
}
