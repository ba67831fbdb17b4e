import type { Counter } from './counter.ts'

/** Counts how many of the rules referred to matched, in whatever order; the state is when each last did. */
export const ruleCounter = (rules: number): Counter<number[]> => ({
  create: () => new Array<number>(rules).fill(Number.NEGATIVE_INFINITY),
  add(state, time, hit) {
    for (let k = 0; k < rules; k++) if ((hit.rules >>> k) & 1 && time > state[k]) state[k] = time
  },
  expire(state, from) {
    for (let k = 0; k < rules; k++) if (state[k] < from) state[k] = Number.NEGATIVE_INFINITY
  },
  observed: (state) => state.reduce((count, time) => count + (time === Number.NEGATIVE_INFINITY ? 0 : 1), 0),
  since: (state) =>
    state.reduce(
      (oldest, time) => (time === Number.NEGATIVE_INFINITY ? oldest : Math.min(oldest, time)),
      Number.POSITIVE_INFINITY,
    ),
  size: () => 1,
  dropOldest(state) {
    const oldest = ruleCounter(rules).since(state)
    for (let k = 0; k < rules; k++) if (state[k] === oldest) state[k] = Number.NEGATIVE_INFINITY
  },
})
