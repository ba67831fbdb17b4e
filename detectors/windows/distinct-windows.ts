import { createPairIndex } from './pair-index.ts'

const NIL = -1

/**
 * Exact counts of distinct objects per actor over several sliding windows, at every event.
 *
 * Per actor the objects stand in the order of last access (a doubly linked list over typed arrays); per window one
 * pointer to the oldest object still inside and one counter. An access moves its object to the end; each pointer steps
 * over what was last seen before `now - window`. Amortised O(1) per access and window, about 30 bytes per live pair.
 *
 * A window holds the times in [now - W, now], both ends included, and of events with equal time those already added.
 */
export interface DistinctWindows {
  /**
   * Counts one access. `time` may lie before the actor's newest: then the access takes its place in the order and
   * `now` stays, as if it had come in time. Tells whether the widest window did not hold the object yet.
   */
  add(actor: number, object: number, time: number): boolean
  /** Moves the actor's `now` on to `time`; earlier times change nothing. */
  advance(actor: number, time: number): void
  /** Distinct objects of window number `window` at the actor's `now`. */
  count(actor: number, window: number): number
  /** When the oldest object inside the window was last touched; `now` when it is empty. */
  oldest(actor: number, window: number): number
  /** Live (actor, object) pairs, for gauges. */
  readonly size: number
  /** Makes room for actor codes below `actors`. */
  reserve(actors: number): void
  /** Forgets the actor altogether. */
  clear(actor: number): void
}

/** `windowsMs` ascending. */
export function createDistinctWindows(windowsMs: readonly number[]): DistinctWindows {
  const windows = windowsMs.length
  const spans = Float64Array.from(windowsMs)
  const widest = windows - 1

  let capacity = 1 << 10
  let times = new Float64Array(capacity)
  let prev = new Int32Array(capacity)
  let next = new Int32Array(capacity)
  const keys = { actor: new Int32Array(capacity), object: new Int32Array(capacity) }
  const index = createPairIndex(keys)
  let allocated = 0
  let free = NIL
  let size = 0

  let actors = 0
  let newest = new Float64Array(0)
  let tail = new Int32Array(0)
  /** First node inside the window; its widest entry is the list's head. */
  let boundary = new Int32Array(0)
  /** Time of that node or earlier, never later: while it is inside, the pointer need not be looked at. */
  let inside = new Float64Array(0)
  let counts = new Int32Array(0)

  const reserve = (wanted: number) => {
    if (wanted <= actors) return
    const grown = Math.max(wanted, Math.ceil(actors * 1.5), 64)
    newest = copyInto(new Float64Array(grown).fill(Number.NEGATIVE_INFINITY), newest)
    tail = copyInto(new Int32Array(grown).fill(NIL), tail)
    boundary = copyInto(new Int32Array(grown * windows).fill(NIL), boundary)
    inside = copyInto(new Float64Array(grown * windows).fill(Number.POSITIVE_INFINITY), inside)
    counts = copyInto(new Int32Array(grown * windows), counts)
    actors = grown
  }

  const allocate = (): number => {
    if (free !== NIL) {
      const node = free
      free = next[node]
      return node
    }
    if (allocated === capacity) {
      capacity = Math.ceil(capacity * 1.5)
      times = copyInto(new Float64Array(capacity), times)
      prev = copyInto(new Int32Array(capacity), prev)
      next = copyInto(new Int32Array(capacity), next)
      keys.actor = copyInto(new Int32Array(capacity), keys.actor)
      keys.object = copyInto(new Int32Array(capacity), keys.object)
    }
    return allocated++
  }

  const release = (node: number) => {
    index.remove(node)
    next[node] = free
    free = node
    size--
  }

  const unlink = (actor: number, node: number) => {
    const before = prev[node]
    const after = next[node]
    if (before !== NIL) next[before] = after
    if (after !== NIL) prev[after] = before
    else tail[actor] = before
    const base = actor * windows
    for (let w = 0; w < windows; w++) if (boundary[base + w] === node) boundary[base + w] = after
  }

  /** Links `node` behind `before` (NIL: at the head). */
  const linkAfter = (actor: number, node: number, before: number) => {
    const after = before === NIL ? headOf(actor) : next[before]
    prev[node] = before
    next[node] = after
    if (before !== NIL) next[before] = node
    if (after !== NIL) prev[after] = node
    else tail[actor] = node
  }

  const headOf = (actor: number): number => {
    // Valid while nodes older than the widest window are released at once: the widest boundary is the head.
    return boundary[actor * windows + widest]
  }

  const advance = (actor: number, time: number) => {
    if (actor >= actors) reserve(actor + 1)
    if (time <= newest[actor]) return
    newest[actor] = time
    const base = actor * windows
    for (let w = 0; w < windows; w++) {
      const from = time - spans[w]
      if (inside[base + w] >= from) continue
      let node = boundary[base + w]
      while (node !== NIL && times[node] < from) {
        const after = next[node]
        counts[base + w]--
        if (w === widest) {
          release(node)
          if (after === NIL) tail[actor] = NIL
          else prev[after] = NIL
        }
        node = after
      }
      boundary[base + w] = node
      inside[base + w] = node === NIL ? Number.POSITIVE_INFINITY : times[node]
    }
  }

  const add = (actor: number, object: number, time: number): boolean => {
    advance(actor, time)
    const now = newest[actor]
    if (time < now - spans[widest]) return false
    const base = actor * windows
    let node = index.find(actor, object)
    const isNew = node === NIL
    if (isNew) {
      node = allocate()
      times[node] = time
      keys.actor[node] = actor
      keys.object[node] = object
      index.insert(node)
      size++
      for (let w = 0; w < windows; w++) if (time >= now - spans[w]) counts[base + w]++
    } else {
      const lastSeen = times[node]
      if (lastSeen >= time) return false
      for (let w = 0; w < windows; w++) {
        const from = now - spans[w]
        if (lastSeen < from && time >= from) counts[base + w]++
      }
      if (time === now && tail[actor] === node) {
        // Touched twice in a row: the order stands; pointers that had passed it come back.
        times[node] = time
        for (let w = 0; w < windows; w++) {
          if (boundary[base + w] !== NIL) continue
          boundary[base + w] = node
          inside[base + w] = time
        }
        return false
      }
      unlink(actor, node)
      times[node] = time
    }
    let before = tail[actor]
    while (before !== NIL && times[before] > time) before = prev[before]
    linkAfter(actor, node, before)
    const after = next[node]
    for (let w = 0; w < windows; w++) {
      if (boundary[base + w] !== after || time < now - spans[w]) continue
      boundary[base + w] = node
      if (time < inside[base + w]) inside[base + w] = time
    }
    return isNew
  }

  return {
    add,
    advance,
    count: (actor, window) => (actor < actors ? counts[actor * windows + window] : 0),
    oldest(actor, window) {
      if (actor >= actors) return Number.NEGATIVE_INFINITY
      const node = boundary[actor * windows + window]
      return node === NIL ? newest[actor] : times[node]
    },
    get size() {
      return size
    },
    reserve,
    clear(actor) {
      if (actor >= actors) return
      for (let node = headOf(actor); node !== NIL; ) {
        const after = next[node]
        release(node)
        node = after
      }
      tail[actor] = NIL
      newest[actor] = Number.NEGATIVE_INFINITY
      boundary.fill(NIL, actor * windows, (actor + 1) * windows)
      inside.fill(Number.POSITIVE_INFINITY, actor * windows, (actor + 1) * windows)
      counts.fill(0, actor * windows, (actor + 1) * windows)
    },
  }
}

function copyInto<T extends Float64Array | Int32Array>(target: T, source: T): T {
  target.set(source)
  return target
}
