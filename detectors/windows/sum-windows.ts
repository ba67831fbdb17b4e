/**
 * Exact sums per actor over several sliding windows, at every event: per actor a ring of (time, amount), per window
 * the place of the oldest entry inside and the running sum. Amounts are whole numbers, so sums stay exact. The same
 * rules of time as DistinctWindows: [now - W, now], a late entry takes its place.
 */
export interface SumWindows {
  add(actor: number, amount: number, time: number): void
  advance(actor: number, time: number): void
  count(actor: number, window: number): number
  /** All windows' sums, in their order. */
  read(actor: number, into: Float64Array): void
  oldest(actor: number, window: number): number
  readonly size: number
  clear(actor: number): void
}

/**
 * One array per actor, so that an event meets few cache lines: newest time; when the next entry leaves a window, until
 * when nothing has to move; where the live entries start and end; then per window its oldest entry and its sum; then
 * the entries, time and amount of each in turn. Places are indexes into the array. Times are whole milliseconds, so
 * that adding a span to them is exact.
 */
type Ring = Float64Array
const NEWEST = 0
const DUE = 1
const START = 2
const END = 3
const STATE = 4
const FIRST_ENTRIES = 8
/** An actor who is cleared keeps an array of so many entries: some counts begin anew every day. */
const KEPT_ENTRIES = 128

/** `windowsMs` ascending. */
export function createSumWindows(windowsMs: readonly number[]): SumWindows {
  const windows = windowsMs.length
  const widest = windows - 1
  const spans = Float64Array.from(windowsMs)
  const heads = STATE
  const sums = STATE + windows
  const entries = STATE + 2 * windows
  const rings: (Ring | undefined)[] = []
  let size = 0

  const ringOf = (actor: number): Ring => {
    const known = rings[actor]
    if (known !== undefined) return known
    while (rings.length < actor) rings.push(undefined)
    const ring = emptied(new Float64Array(entries + 2 * FIRST_ENTRIES))
    rings[actor] = ring
    return ring
  }

  const emptied = (ring: Ring): Ring => {
    ring[NEWEST] = Number.NEGATIVE_INFINITY
    ring[DUE] = Number.POSITIVE_INFINITY
    ring[START] = entries
    ring[END] = entries
    ring.fill(entries, heads, heads + windows)
    ring.fill(0, sums, sums + windows)
    return ring
  }

  const advanceRing = (ring: Ring, time: number) => {
    if (time <= ring[NEWEST]) return
    ring[NEWEST] = time
    if (time <= ring[DUE]) return
    const end = ring[END]
    let due = Number.POSITIVE_INFINITY
    for (let w = 0; w < windows; w++) {
      const from = time - spans[w]
      let head = ring[heads + w]
      let sum = ring[sums + w]
      while (head < end && ring[head] < from) {
        sum -= ring[head + 1]
        head += 2
      }
      ring[heads + w] = head
      ring[sums + w] = sum
      if (head < end && ring[head] + spans[w] < due) due = ring[head] + spans[w]
    }
    ring[DUE] = due
    size -= (ring[heads + widest] - ring[START]) / 2
    ring[START] = ring[heads + widest]
  }

  /** Makes room at the end: by moving the live entries to the front when half is dead, else by doubling. */
  const compactedOrGrown = (ring: Ring): Ring => {
    const dead = ring[START] - entries
    const room = ring.length - entries
    const next = dead * 2 >= room ? ring : new Float64Array(entries + room * 2)
    if (next !== ring) next.set(ring.subarray(0, entries))
    next.set(ring.subarray(ring[START], ring[END]), entries)
    next[START] = entries
    next[END] -= dead
    for (let w = 0; w < windows; w++) next[heads + w] -= dead
    return next
  }

  return {
    add(actor, amount, time) {
      let ring = ringOf(actor)
      advanceRing(ring, time)
      const now = ring[NEWEST]
      if (time < now - spans[widest]) return
      if (ring[END] === ring.length) {
        ring = compactedOrGrown(ring)
        rings[actor] = ring
      }
      let at = ring[END]
      const start = ring[START]
      while (at > start && ring[at - 2] > time) {
        ring[at] = ring[at - 2]
        ring[at + 1] = ring[at - 1]
        at -= 2
      }
      ring[at] = time
      ring[at + 1] = amount
      ring[END] += 2
      size++
      for (let w = 0; w < windows; w++) {
        if (time >= now - spans[w]) {
          ring[sums + w] += amount
          if (time + spans[w] < ring[DUE]) ring[DUE] = time + spans[w]
        }
        // Entered outside this window, that is before its oldest entry: that one moved up by one.
        else ring[heads + w] += 2
      }
    },
    advance(actor, time) {
      const ring = rings[actor]
      if (ring !== undefined) advanceRing(ring, time)
    },
    count: (actor, window) => rings[actor]?.[sums + window] ?? 0,
    read(actor, into) {
      const ring = rings[actor]
      for (let w = 0; w < windows; w++) into[w] = ring === undefined ? 0 : ring[sums + w]
    },
    oldest(actor, window) {
      const ring = rings[actor]
      if (ring === undefined) return Number.NEGATIVE_INFINITY
      const head = ring[heads + window]
      return head < ring[END] ? ring[head] : ring[NEWEST]
    },
    get size() {
      return size
    },
    clear(actor) {
      const ring = rings[actor]
      if (ring === undefined) return
      size -= (ring[END] - ring[START]) / 2
      if (ring.length - entries > 2 * KEPT_ENTRIES) rings[actor] = undefined
      else emptied(ring)
    },
  }
}
