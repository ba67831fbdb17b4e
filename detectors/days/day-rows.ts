/** What was known on each of the last days, as rows of numbers, for judging a past again as it was judged first. */
export interface DayRows {
  /**
   * The row of what was known for `day`, which nobody may change; when the day is newer than all others, `write` fills
   * it. Of days that are kept no more, or never were, that of the last one before; else the oldest. Valid until the
   * next call.
   */
  of(day: number, write: (row: Float32Array) => void): Float32Array
}

/** Keeps rows of `width` numbers, rounded to 24 bits, of the last `keptDays` days. */
export function createDayRows(width: number, keptDays: number): DayRows {
  const days: number[] = []
  /** One row for each of `days`, in their order. One block: of a vendor's thousands of tenants each has such rows. */
  let rows = new Float32Array(0)

  /** Place of the last day up to `day`; of one before all of them 0. */
  const placeOf = (day: number): number => {
    let place = days.length - 1
    while (place > 0 && days[place] > day) place--
    return place
  }

  const forgetUpTo = (day: number) => {
    const gone = days.findIndex((at) => at > day)
    if (gone <= 0) return
    days.splice(0, gone)
    rows.copyWithin(0, gone * width)
  }

  const append = (day: number) => {
    forgetUpTo(day - keptDays)
    days.push(day)
    if (days.length * width <= rows.length) return
    const larger = new Float32Array(Math.ceil(days.length * 1.5) * width)
    larger.set(rows)
    rows = larger
  }

  return {
    of(day, write) {
      const isNew = days.length === 0 || day > days[days.length - 1]
      if (isNew) append(day)
      const place = placeOf(day)
      const row = rows.subarray(place * width, (place + 1) * width)
      if (isNew) write(row.fill(0))
      return row
    },
  }
}
