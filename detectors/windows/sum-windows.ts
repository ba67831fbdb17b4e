/**
 * Exact sums per actor over several sliding windows, at every event: per actor a ring of (time, amount), per window
 * the index of the oldest entry inside and the running sum. Amounts are whole numbers, so sums stay exact. The same
 * rules of time as DistinctWindows: [now - W, now], a late entry takes its place.
 */
export interface SumWindows {
  add(actor: number, amount: number, time: number): void
  advance(actor: number, time: number): void
  count(actor: number, window: number): number
  oldest(actor: number, window: number): number
  readonly size: number
  clear(actor: number): void
}

interface Ring {
  newest: number
  times: Float64Array
  amounts: Float64Array
  /** Position of the first live entry; entries are times[start..end). */
  start: number
  end: number
  readonly heads: Int32Array
  readonly sums: Float64Array
}

/** `windowsMs` ascending. */
export function createSumWindows(windowsMs: readonly number[]): SumWindows {
  const windows = windowsMs.length
  const widest = windows - 1
  const rings: (Ring | undefined)[] = []
  let size = 0

  const ringOf = (actor: number): Ring => {
    const known = rings[actor]
    if (known !== undefined) return known
    while (rings.length < actor) rings.push(undefined)
    const ring: Ring = {
      newest: Number.NEGATIVE_INFINITY,
      times: new Float64Array(8),
      amounts: new Float64Array(8),
      start: 0,
      end: 0,
      heads: new Int32Array(windows),
      sums: new Float64Array(windows),
    }
    rings[actor] = ring
    return ring
  }

  const advanceRing = (ring: Ring, time: number) => {
    if (time <= ring.newest) return
    ring.newest = time
    for (let w = 0; w < windows; w++) {
      const from = time - windowsMs[w]
      let head = ring.heads[w]
      while (head < ring.end && ring.times[head] < from) ring.sums[w] -= ring.amounts[head++]
      ring.heads[w] = head
    }
    size -= ring.heads[widest] - ring.start
    ring.start = ring.heads[widest]
  }

  return {
    add(actor, amount, time) {
      const ring = ringOf(actor)
      advanceRing(ring, time)
      const now = ring.newest
      if (time < now - windowsMs[widest]) return
      if (ring.end === ring.times.length) compactOrGrow(ring)
      let at = ring.end
      while (at > ring.start && ring.times[at - 1] > time) {
        ring.times[at] = ring.times[at - 1]
        ring.amounts[at] = ring.amounts[at - 1]
        at--
      }
      ring.times[at] = time
      ring.amounts[at] = amount
      ring.end++
      size++
      for (let w = 0; w < windows; w++) {
        if (time >= now - windowsMs[w]) ring.sums[w] += amount
        // Entered outside this window, that is before its head: the head's entry moved up by one.
        else ring.heads[w]++
      }
    },
    advance(actor, time) {
      const ring = rings[actor]
      if (ring !== undefined) advanceRing(ring, time)
    },
    count: (actor, window) => rings[actor]?.sums[window] ?? 0,
    oldest(actor, window) {
      const ring = rings[actor]
      if (ring === undefined) return Number.NEGATIVE_INFINITY
      const head = ring.heads[window]
      return head < ring.end ? ring.times[head] : ring.newest
    },
    get size() {
      return size
    },
    clear(actor) {
      const ring = rings[actor]
      if (ring === undefined) return
      size -= ring.end - ring.start
      rings[actor] = undefined
    },
  }
}

/** Makes room at the end: by moving the live entries to the front when half is dead, else by doubling. */
function compactOrGrow(ring: Ring): void {
  const live = ring.end - ring.start
  const capacity = live * 2 > ring.times.length ? ring.times.length * 2 : ring.times.length
  const times = new Float64Array(capacity)
  const amounts = new Float64Array(capacity)
  times.set(ring.times.subarray(ring.start, ring.end))
  amounts.set(ring.amounts.subarray(ring.start, ring.end))
  ring.times = times
  ring.amounts = amounts
  for (let w = 0; w < ring.heads.length; w++) ring.heads[w] -= ring.start
  ring.end = live
  ring.start = 0
}
