const FIRST_SIZE = 1 << 12
const NO_CODE = -1

/**
 * Codes by 64-bit fingerprint, without the texts: open addressing over typed arrays, about 20 bytes an entry where a
 * Map of strings takes over a hundred. Codes are dense from 0.
 */
export interface CodeTable {
  /** The code of a fingerprint, or -1. */
  find(lo: number, hi: number): number
  /** Gives the next code to a fingerprint that is absent. */
  add(lo: number, hi: number): number
  readonly size: number
}

export function createCodeTable(): CodeTable {
  let lows = new Int32Array(FIRST_SIZE)
  let highs = new Int32Array(FIRST_SIZE)
  let codes = new Int32Array(FIRST_SIZE).fill(NO_CODE)
  let size = 0

  const placeOf = (lo: number, hi: number): number => {
    const mask = codes.length - 1
    let at = lo & mask
    while (codes[at] !== NO_CODE && (lows[at] !== lo || highs[at] !== hi)) at = (at + 1) & mask
    return at
  }

  const grow = () => {
    const before = { lows, highs, codes }
    lows = new Int32Array(before.codes.length * 2)
    highs = new Int32Array(before.codes.length * 2)
    codes = new Int32Array(before.codes.length * 2).fill(NO_CODE)
    for (let i = 0; i < before.codes.length; i++) {
      if (before.codes[i] === NO_CODE) continue
      const at = placeOf(before.lows[i], before.highs[i])
      lows[at] = before.lows[i]
      highs[at] = before.highs[i]
      codes[at] = before.codes[i]
    }
  }

  return {
    find: (lo, hi) => codes[placeOf(lo, hi)],
    add(lo, hi) {
      if ((size + 1) * 3 > codes.length * 2) grow()
      const at = placeOf(lo, hi)
      lows[at] = lo
      highs[at] = hi
      codes[at] = size
      return size++
    },
    get size() {
      return size
    },
  }
}
