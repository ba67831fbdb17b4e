import { type Counter, type Identity, isWorthCutting, placeOf } from './counter.ts'

interface Values {
  /** When each value was last seen. */
  readonly last: Map<Identity, number>
  /** Sightings by time; one that is not its value's last any more is passed over. */
  times: number[]
  values: Identity[]
  head: number
}

/** Sightings that are passed over may be this many times those that count before they are cleared away. */
const SLACK = 2
const SMALL = 32

/** Counts different values. */
export const valueCounter: Counter<Values> = {
  create: () => ({ last: new Map(), times: [], values: [], head: 0 }),
  add(state, time, { values }) {
    for (const value of values) {
      const known = state.last.get(value)
      if (known !== undefined && known >= time) continue
      state.last.set(value, time)
      const at = placeOf(state.times, state.head, time)
      if (at === state.times.length) {
        state.times.push(time)
        state.values.push(value)
      } else {
        state.times.splice(at, 0, time)
        state.values.splice(at, 0, value)
      }
    }
    if (state.times.length - state.head > SLACK * state.last.size + SMALL) clearAway(state)
  },
  expire(state, from) {
    while (state.head < state.times.length && state.times[state.head] < from) dropFirst(state)
    if (!isWorthCutting(state.head, state.times.length)) return
    state.times.splice(0, state.head)
    state.values.splice(0, state.head)
    state.head = 0
  },
  observed: (state) => state.last.size,
  since(state) {
    skipStale(state)
    return state.times[state.head] ?? Number.NEGATIVE_INFINITY
  },
  size: (state) => state.last.size,
  dropOldest(state) {
    skipStale(state)
    if (state.head < state.times.length) dropFirst(state)
  },
}

const isStale = (state: Values, at: number): boolean => state.last.get(state.values[at]) !== state.times[at]

function dropFirst(state: Values): void {
  if (!isStale(state, state.head)) state.last.delete(state.values[state.head])
  state.head++
}

function skipStale(state: Values): void {
  while (state.head < state.times.length && isStale(state, state.head)) state.head++
}

function clearAway(state: Values): void {
  const kept: number[] = []
  for (let at = state.head; at < state.times.length; at++) if (!isStale(state, at)) kept.push(at)
  const { times, values } = state
  state.times = kept.map((at) => times[at])
  state.values = kept.map((at) => values[at])
  state.head = 0
}
