import { type Counter, isWorthCutting, placeOf } from './counter.ts'

interface Amounts {
  times: number[]
  amounts: number[]
  /** First entry inside the window. */
  head: number
  sum: number
}

/** Adds up the amounts of all hits: numbers of events when each is 1. Amounts are whole, so sums stay exact. */
export const amountCounter: Counter<Amounts> = {
  create: () => ({ times: [], amounts: [], head: 0, sum: 0 }),
  add(state, time, { amount }) {
    const at = placeOf(state.times, state.head, time)
    if (at === state.times.length) {
      state.times.push(time)
      state.amounts.push(amount)
    } else {
      state.times.splice(at, 0, time)
      state.amounts.splice(at, 0, amount)
    }
    state.sum += amount
  },
  expire(state, from) {
    while (state.head < state.times.length && state.times[state.head] < from) state.sum -= state.amounts[state.head++]
    if (!isWorthCutting(state.head, state.times.length)) return
    state.times.splice(0, state.head)
    state.amounts.splice(0, state.head)
    state.head = 0
  },
  observed: (state) => state.sum,
  since: (state) => state.times[state.head] ?? Number.NEGATIVE_INFINITY,
  size: (state) => state.times.length - state.head,
  dropOldest(state) {
    if (state.head < state.times.length) state.sum -= state.amounts[state.head++]
  },
}
