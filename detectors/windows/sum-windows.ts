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

/** Times are whole milliseconds, so that adding a span to them is exact. */
interface Ring {
  newest: number
  /** When the first entry leaves its window: until then nothing has to move. */
  due: number
  /** Time and amount of each entry in turn; entry `i` at 2 i. */
  entries: Float64Array
  /** Position of the first live entry; entries are [start, end). */
  start: number
  end: number
  readonly heads: number[]
  readonly sums: number[]
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
      due: Number.POSITIVE_INFINITY,
      entries: new Float64Array(16),
      start: 0,
      end: 0,
      heads: windowsMs.map(() => 0),
      sums: windowsMs.map(() => 0),
    }
    rings[actor] = ring
    return ring
  }

  const advanceRing = (ring: Ring, time: number) => {
    if (time <= ring.newest) return
    ring.newest = time
    if (time <= ring.due) return
    const { entries, heads, sums, end } = ring
    let due = Number.POSITIVE_INFINITY
    for (let w = 0; w < windows; w++) {
      const from = time - windowsMs[w]
      let head = heads[w]
      while (head < end && entries[2 * head] < from) {
        sums[w] -= entries[2 * head + 1]
        head++
      }
      heads[w] = head
      if (head < end && entries[2 * head] + windowsMs[w] < due) due = entries[2 * head] + windowsMs[w]
    }
    ring.due = due
    size -= heads[widest] - ring.start
    ring.start = heads[widest]
  }

  return {
    add(actor, amount, time) {
      const ring = ringOf(actor)
      advanceRing(ring, time)
      const now = ring.newest
      if (time < now - windowsMs[widest]) return
      if (ring.end * 2 === ring.entries.length) compactOrGrow(ring)
      const { entries, heads, sums } = ring
      let at = ring.end
      while (at > ring.start && entries[2 * at - 2] > time) {
        entries[2 * at] = entries[2 * at - 2]
        entries[2 * at + 1] = entries[2 * at - 1]
        at--
      }
      entries[2 * at] = time
      entries[2 * at + 1] = amount
      ring.end++
      size++
      for (let w = 0; w < windows; w++) {
        if (time >= now - windowsMs[w]) {
          sums[w] += amount
          if (time + windowsMs[w] < ring.due) ring.due = time + windowsMs[w]
        }
        // Entered outside this window, that is before its head: the head's entry moved up by one.
        else heads[w]++
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
      return head < ring.end ? ring.entries[2 * head] : ring.newest
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
  const { length } = ring.entries
  const entries = new Float64Array(live * 4 > length ? length * 2 : length)
  entries.set(ring.entries.subarray(2 * ring.start, 2 * ring.end))
  ring.entries = entries
  for (let w = 0; w < ring.heads.length; w++) ring.heads[w] -= ring.start
  ring.end = live
  ring.start = 0
}
