/** Days before the one that is judged on which peers are known: by then the order in which people's days close has no say any more. */
const REACH_DAYS = 2

/** What days teach of many people, known two days later. */
export interface LaggedDays<Known, Taught = Known> {
  /** Where what `day` teaches is gathered. A day that comes when its turn is over counts with the next one: late is better than lost. */
  gather(day: number): Taught
  /** What is known for judging `day`, which is asked in the order of days. */
  knownFor(day: number): Known
}

export interface LaggedDaysParts<Known, Taught> {
  /** What is known before any day taught. */
  readonly known: Known
  /** Where a day's teaching is gathered. */
  gatherer(): Taught
  /** What is known with one day more, `daysSince` days after the one before it; Infinity for the first. */
  fold(known: Known, taught: Taught, daysSince: number): Known
}

export function createLaggedDays<Known, Taught = Known>(
  parts: LaggedDaysParts<Known, Taught>,
): LaggedDays<Known, Taught> {
  const pending = new Map<number, Taught>()
  let { known } = parts
  let through = Number.NEGATIVE_INFINITY
  return {
    gather(day) {
      const at = Math.max(day, through + 1)
      let taught = pending.get(at)
      if (taught === undefined) {
        taught = parts.gatherer()
        pending.set(at, taught)
      }
      return taught
    },
    knownFor(day) {
      const due = [...pending].filter(([at]) => at <= day - REACH_DAYS).sort(([a], [b]) => a - b)
      for (const [at, taught] of due) {
        known = parts.fold(known, taught, at - through)
        through = at
        pending.delete(at)
      }
      return known
    },
  }
}
