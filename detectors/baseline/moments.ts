import { SLOT_COUNT } from '../../model/measure.ts'

/**
 * Weighted sums of day peaks for many subjects (actors, or roles) and every slot, in typed arrays: row r, slot s at
 * r * SLOT_COUNT + s. Older days fade by `keep` with every day added.
 */
export interface Moments {
  add(row: number, slot: number, value: number, weight: number, keep: number): void
  weight(row: number, slot: number): number
  mean(row: number, slot: number): number
  /** Moment estimate of 1/k for a negative binomial: (variance - mean) / mean^2, not below 0. */
  dispersion(row: number, slot: number): number
  sum(row: number, slot: number): number
  clear(row: number): void
}

export function createMoments(): Moments {
  let rows = 0
  let weights = new Float64Array(0)
  let sums = new Float64Array(0)
  let squares = new Float64Array(0)

  const reserve = (wanted: number) => {
    if (wanted <= rows) return
    rows = Math.max(wanted, Math.ceil(rows * 1.5), 16)
    weights = grown(weights, rows)
    sums = grown(sums, rows)
    squares = grown(squares, rows)
  }

  return {
    add(row, slot, value, weight, keep) {
      reserve(row + 1)
      const at = row * SLOT_COUNT + slot
      weights[at] = weights[at] * keep + weight
      sums[at] = sums[at] * keep + weight * value
      squares[at] = squares[at] * keep + weight * value * value
    },
    weight: (row, slot) => (row < rows ? weights[row * SLOT_COUNT + slot] : 0),
    sum: (row, slot) => (row < rows ? sums[row * SLOT_COUNT + slot] : 0),
    mean(row, slot) {
      if (row >= rows) return 0
      const at = row * SLOT_COUNT + slot
      return weights[at] > 0 ? sums[at] / weights[at] : 0
    },
    dispersion(row, slot) {
      if (row >= rows) return 0
      const at = row * SLOT_COUNT + slot
      const n = weights[at]
      const mean = n > 0 ? sums[at] / n : 0
      if (n <= 1 || mean <= 0) return 0
      const variance = ((squares[at] / n - mean * mean) * n) / (n - 1)
      return Math.max(0, (variance - mean) / (mean * mean))
    },
    clear(row) {
      if (row >= rows) return
      for (const array of [weights, sums, squares]) array.fill(0, row * SLOT_COUNT, (row + 1) * SLOT_COUNT)
    },
  }
}

function grown(old: Float64Array, rows: number): Float64Array<ArrayBuffer> {
  const array = new Float64Array(rows * SLOT_COUNT)
  array.set(old)
  return array
}
