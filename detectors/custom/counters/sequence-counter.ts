import { type Counter, isWorthCutting, placeOf } from './counter.ts'

interface Sequence {
  times: number[]
  rules: number[]
  head: number
  /** Nothing before this counts. */
  from: number
  /** Per number of rules matched in order, the latest time at which such a sequence begins. */
  readonly begins: number[]
}

/**
 * Counts how many of the rules referred to matched in the order in which they are named, each by a later event than the
 * one before it; of equal times, the one that came later. A sequence is inside the window when its beginning is, so the
 * latest beginning per length is all that has to be known; the events are kept for those that come late.
 */
export const sequenceCounter = (rules: number): Counter<Sequence> => ({
  create: () => ({
    times: [],
    rules: [],
    head: 0,
    from: Number.NEGATIVE_INFINITY,
    begins: new Array<number>(rules).fill(Number.NEGATIVE_INFINITY),
  }),
  add(state, time, hit) {
    const at = placeOf(state.times, state.head, time)
    if (at === state.times.length) {
      state.times.push(time)
      state.rules.push(hit.rules)
      extend(state.begins, time, hit.rules)
      return
    }
    state.times.splice(at, 0, time)
    state.rules.splice(at, 0, hit.rules)
    state.begins.fill(Number.NEGATIVE_INFINITY)
    for (let i = state.head; i < state.times.length; i++) extend(state.begins, state.times[i], state.rules[i])
  },
  expire(state, from) {
    state.from = Math.max(state.from, from)
    while (state.head < state.times.length && state.times[state.head] < from) state.head++
    if (!isWorthCutting(state.head, state.times.length)) return
    state.times.splice(0, state.head)
    state.rules.splice(0, state.head)
    state.head = 0
  },
  observed,
  since: (state) => state.begins[observed(state) - 1] ?? Number.NEGATIVE_INFINITY,
  size: (state) => state.times.length - state.head,
  dropOldest(state) {
    if (state.head < state.times.length) state.head++
    state.from = Math.max(state.from, state.times[state.head] ?? Number.POSITIVE_INFINITY)
  },
})

function observed(state: Sequence): number {
  let length = state.begins.length
  while (length > 0 && !(state.begins[length - 1] >= state.from && state.begins[length - 1] > Number.NEGATIVE_INFINITY))
    length--
  return length
}

/** From the longest sequence down, so that one event is never two steps of the same one. */
function extend(begins: number[], time: number, rules: number): void {
  for (let k = begins.length - 1; k > 0; k--) {
    if ((rules >>> k) & 1 && begins[k - 1] > begins[k]) begins[k] = begins[k - 1]
  }
  if (rules & 1) begins[0] = time
}
