/** What was known on each of the last days, for judging a past again as it was judged first. */
export interface DaySnapshots<T> {
  /** What was known for `day`; made with `make` when the day is newer than all others. Of days before the kept ones the oldest. */
  of(day: number, make: () => T): T
}

export function createDaySnapshots<T>(keptDays: number): DaySnapshots<T> {
  const byDay = new Map<number, T>()
  let newest = Number.NEGATIVE_INFINITY

  const lastUpTo = (day: number): T | undefined => {
    let found: T | undefined
    for (const [at, one] of byDay) {
      if (at > day && found !== undefined) break
      found = one
    }
    return found
  }

  return {
    of(day, make) {
      const known = byDay.get(day) ?? (day < newest ? lastUpTo(day) : undefined)
      if (known !== undefined) return known
      const made = make()
      byDay.set(day, made)
      newest = day
      for (const oldest of byDay.keys()) {
        if (byDay.size <= keptDays) break
        byDay.delete(oldest)
      }
      return made
    },
  }
}
