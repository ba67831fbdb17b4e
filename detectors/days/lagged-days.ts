/** Days before the one that is judged on which peers are known: by then the order in which people's days close has no say any more. */
const REACH_DAYS = 2

/** What days teach of many people, known two days later. */
export interface LaggedDays<T> {
  /** Where what `day` teaches is gathered. A day that comes when its turn is over counts with the next one: late is better than lost. */
  gather(day: number): T
  /** What is known for judging `day`, which is asked in the order of days. */
  knownFor(day: number): T
}

/** `fold` adds one day to what is known, `daysSince` days after the one before it; Infinity for the first. */
export function createLaggedDays<T>(
  create: () => T,
  fold: (known: T, taught: T, daysSince: number) => void,
): LaggedDays<T> {
  const pending = new Map<number, T>()
  const known = create()
  let through = Number.NEGATIVE_INFINITY
  return {
    gather(day) {
      const at = Math.max(day, through + 1)
      let taught = pending.get(at)
      if (taught === undefined) {
        taught = create()
        pending.set(at, taught)
      }
      return taught
    },
    knownFor(day) {
      const due = [...pending].filter(([at]) => at <= day - REACH_DAYS).sort(([a], [b]) => a - b)
      for (const [at, taught] of due) {
        fold(known, taught, at - through)
        through = at
        pending.delete(at)
      }
      return known
    },
  }
}
