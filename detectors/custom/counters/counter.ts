/** What tells a value, a person or a record from another: a code or a text. */
export type Identity = string | number

/** What one event adds to one group. */
export interface Hit {
  readonly values: readonly Identity[]
  readonly amount: number
  /** Which of the rules referred to it matched, as bits by their position. */
  readonly rules: number
}

/**
 * How one type of correlation counts inside a sliding window. Times come mostly in order; one that is late takes the
 * place it would have had.
 */
export interface Counter<State> {
  create(): State
  /** Takes a hit that lies inside the window. */
  add(state: State, time: number, hit: Hit): void
  /** Forgets what lies before `from`, which never goes back. */
  expire(state: State, from: number): void
  observed(state: State): number
  /** When the oldest of what is counted happened. */
  since(state: State): number
  /** Entries in memory. */
  size(state: State): number
  /** Forgets the oldest entry. */
  dropOldest(state: State): void
}

/** Where `time` goes in rising `times` from `head` on, behind its equals. */
export function placeOf(times: readonly number[], head: number, time: number): number {
  let at = times.length
  // Nearly always it is the end.
  while (at > head && times[at - 1] > time) at--
  return at
}

/** Whether the spent part in front is worth cutting off. */
export const isWorthCutting = (head: number, length: number): boolean => head > 32 && head * 2 > length
