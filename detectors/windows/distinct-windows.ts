import { grown, roomFor } from '../grown.ts'
import { createPairIndex } from './pair-index.ts'

const NIL = -1

/**
 * Exact counts of distinct objects per actor over several sliding windows, at every event.
 *
 * Per actor the objects stand in the order of last access (a doubly linked list over typed arrays); per window one
 * pointer to the oldest object still inside and one counter. An access moves its object to the end; each pointer steps
 * over what was last seen before `now - window`. Amortised O(1) per access and window, about 40 bytes per live pair.
 *
 * A window holds the times in [now - W, now], both ends included, and of events with equal time those already added.
 */
export interface DistinctWindows {
  /**
   * Counts one access. `time` may lie before the actor's newest: then the access takes its place in the order and
   * `now` stays, as if it had come in time. Returns the time since the object's last access in ms: infinity when the
   * widest window did not hold it yet, 0 when it holds a later one or ends after `time`.
   */
  add(actor: number, object: number, time: number): number
  /** Fetches into the processor's cache what add() will read; the number keeps the reading from being left out. */
  prefetch(actor: number, object: number): number
  /** Moves the actor's `now` on to `time`; earlier times change nothing. */
  advance(actor: number, time: number): void
  /** Distinct objects of window number `window` at the actor's `now`. */
  count(actor: number, window: number): number
  /** All windows' counts, in their order. */
  read(actor: number, into: Float64Array): void
  /** When the oldest object inside the window was last touched; `now` when it is empty. */
  oldest(actor: number, window: number): number
  /** Live (actor, object) pairs, for gauges. */
  readonly size: number
  /** Forgets the actor altogether. */
  clear(actor: number): void
}

/*
 * What belongs together lies together, since memory is what an event waits for: a pair is one record, an actor is one
 * record. A record is read as doubles, for its times, and as 32-bit integers behind them.
 */

/** A pair: the time of its last access, the pairs before and after it, actor and object. */
const PAIR_DOUBLES = 3
const PAIR_INTS = 6
const PREV = 2
const NEXT = 3
const ACTOR = 4
const OBJECT = 5

/** An actor: `now`; the time until which no pointer has to move; then per window what is said below. */
const NEWEST = 0
const DUE = 1
/** Per window, the time of the first pair inside or earlier, never later: while it is inside, the pointer stands. */
const INSIDE = 2
const ALIGNED_DOUBLES = 8

/** `windowsMs` ascending. */
export function createDistinctWindows(windowsMs: readonly number[]): DistinctWindows {
  const windows = windowsMs.length
  const spans = Float64Array.from(windowsMs)
  const widest = windows - 1

  /** Behind the doubles, as integers: the last pair; per window its first pair inside; per window its count. */
  const tailAt = (INSIDE + windows) * 2
  const firstAt = tailAt + 1
  const countAt = firstAt + windows
  const actorDoubles = Math.ceil((countAt + windows) / 2 / ALIGNED_DOUBLES) * ALIGNED_DOUBLES
  const actorInts = actorDoubles * 2

  let capacity = 1 << 10
  let pairDoubles = new Float64Array(capacity * PAIR_DOUBLES)
  let pairInts = new Int32Array(pairDoubles.buffer)
  const index = createPairIndex(
    (node, actor, object) =>
      pairInts[node * PAIR_INTS + OBJECT] === object && pairInts[node * PAIR_INTS + ACTOR] === actor,
  )
  let allocated = 0
  let free = NIL
  let size = 0

  let actors = 0
  let doubles = new Float64Array(0)
  let ints = new Int32Array(doubles.buffer)

  const reserve = (wanted: number) => {
    if (wanted <= actors) return
    const before = actors
    actors = roomFor(wanted, actors)
    doubles = grown(doubles, new Float64Array(actors * actorDoubles))
    ints = new Int32Array(doubles.buffer)
    for (let actor = before; actor < actors; actor++) empty(actor)
  }

  const empty = (actor: number) => {
    const d = actor * actorDoubles
    const n = actor * actorInts
    doubles[d + NEWEST] = Number.NEGATIVE_INFINITY
    doubles[d + DUE] = Number.POSITIVE_INFINITY
    doubles.fill(Number.POSITIVE_INFINITY, d + INSIDE, d + INSIDE + windows)
    ints.fill(NIL, n + tailAt, n + firstAt + windows)
    ints.fill(0, n + countAt, n + countAt + windows)
  }

  const allocate = (): number => {
    if (free !== NIL) {
      const node = free
      free = pairInts[node * PAIR_INTS + NEXT]
      return node
    }
    if (allocated === capacity) {
      capacity = Math.ceil(capacity * 1.5)
      pairDoubles = grown(pairDoubles, new Float64Array(capacity * PAIR_DOUBLES))
      pairInts = new Int32Array(pairDoubles.buffer)
    }
    return allocated++
  }

  const release = (node: number) => {
    const at = node * PAIR_INTS
    index.remove(pairInts[at + ACTOR], pairInts[at + OBJECT], node)
    pairInts[at + NEXT] = free
    free = node
    size--
  }

  /** Takes the pair out of the order; windows that began with it begin with the next. */
  const unlink = (n: number, node: number) => {
    const before = pairInts[node * PAIR_INTS + PREV]
    const after = pairInts[node * PAIR_INTS + NEXT]
    if (before !== NIL) pairInts[before * PAIR_INTS + NEXT] = after
    if (after !== NIL) pairInts[after * PAIR_INTS + PREV] = before
    else ints[n + tailAt] = before
    for (let w = 0; w < windows; w++) if (ints[n + firstAt + w] === node) ints[n + firstAt + w] = after
  }

  /** The pair at the front. Pairs older than the widest window are released at once, so that one begins with it. */
  const headOf = (n: number): number => ints[n + firstAt + widest]

  /** Links `node` behind `before` (NIL: at the head). */
  const linkAfter = (n: number, node: number, before: number) => {
    const after = before === NIL ? headOf(n) : pairInts[before * PAIR_INTS + NEXT]
    pairInts[node * PAIR_INTS + PREV] = before
    pairInts[node * PAIR_INTS + NEXT] = after
    if (before !== NIL) pairInts[before * PAIR_INTS + NEXT] = node
    if (after !== NIL) pairInts[after * PAIR_INTS + PREV] = node
    else ints[n + tailAt] = node
  }

  const advance = (actor: number, time: number) => {
    if (actor >= actors) reserve(actor + 1)
    const d = actor * actorDoubles
    if (time <= doubles[d + NEWEST]) return
    doubles[d + NEWEST] = time
    if (time > doubles[d + DUE]) leave(actor, time)
  }

  /** Moves the pointers over what has left their windows by `time`. */
  const leave = (actor: number, time: number) => {
    const d = actor * actorDoubles
    const n = actor * actorInts
    let due = Number.POSITIVE_INFINITY
    for (let w = 0; w < windows; w++) {
      const span = spans[w]
      const from = time - span
      let inside = doubles[d + INSIDE + w]
      if (inside < from) {
        let node = ints[n + firstAt + w]
        inside = Number.POSITIVE_INFINITY
        while (node !== NIL) {
          inside = pairDoubles[node * PAIR_DOUBLES]
          if (inside >= from) break
          inside = Number.POSITIVE_INFINITY
          const after = pairInts[node * PAIR_INTS + NEXT]
          ints[n + countAt + w]--
          if (w === widest) {
            release(node)
            if (after === NIL) ints[n + tailAt] = NIL
            else pairInts[after * PAIR_INTS + PREV] = NIL
          }
          node = after
        }
        ints[n + firstAt + w] = node
        doubles[d + INSIDE + w] = inside
      }
      if (inside + span < due) due = inside + span
    }
    doubles[d + DUE] = due
  }

  /** From `time` on the window may begin with `node`, which was seen then. */
  const begin = (d: number, n: number, w: number, node: number, time: number) => {
    ints[n + firstAt + w] = node
    if (time >= doubles[d + INSIDE + w]) return
    doubles[d + INSIDE + w] = time
    if (time + spans[w] < doubles[d + DUE]) doubles[d + DUE] = time + spans[w]
  }

  const add = (actor: number, object: number, time: number): number => {
    advance(actor, time)
    const d = actor * actorDoubles
    const n = actor * actorInts
    const now = doubles[d + NEWEST]
    if (time < now - spans[widest]) return 0
    let since = Number.POSITIVE_INFINITY
    let node = index.find(actor, object)
    if (node === NIL) {
      node = allocate()
      pairDoubles[node * PAIR_DOUBLES] = time
      pairInts[node * PAIR_INTS + ACTOR] = actor
      pairInts[node * PAIR_INTS + OBJECT] = object
      index.insert(actor, object, node)
      size++
      for (let w = 0; w < windows; w++) if (time >= now - spans[w]) ints[n + countAt + w]++
    } else {
      const lastSeen = pairDoubles[node * PAIR_DOUBLES]
      if (lastSeen >= time) return 0
      since = time - lastSeen
      for (let w = 0; w < windows; w++) {
        const from = now - spans[w]
        if (lastSeen < from && time >= from) ints[n + countAt + w]++
      }
      if (time === now && ints[n + tailAt] === node) {
        // Touched twice in a row: the order stands; pointers that had passed it come back.
        pairDoubles[node * PAIR_DOUBLES] = time
        for (let w = 0; w < windows; w++) if (ints[n + firstAt + w] === NIL) begin(d, n, w, node, time)
        return since
      }
      unlink(n, node)
      pairDoubles[node * PAIR_DOUBLES] = time
    }
    let before = ints[n + tailAt]
    while (before !== NIL && pairDoubles[before * PAIR_DOUBLES] > time) before = pairInts[before * PAIR_INTS + PREV]
    linkAfter(n, node, before)
    const after = pairInts[node * PAIR_INTS + NEXT]
    for (let w = 0; w < windows; w++) {
      if (ints[n + firstAt + w] === after && time >= now - spans[w]) begin(d, n, w, node, time)
    }
    return since
  }

  return {
    add,
    prefetch(actor, object) {
      const node = index.find(actor, object)
      if (node === NIL || actor >= actors) return 0
      const at = node * PAIR_INTS
      const before = pairInts[at + PREV]
      const after = pairInts[at + NEXT]
      const last = ints[actor * actorInts + tailAt]
      // Both neighbours and the last pair are linked anew.
      return (
        pairInts[(before === NIL ? node : before) * PAIR_INTS + NEXT] ^
        pairInts[(after === NIL ? node : after) * PAIR_INTS + PREV] ^
        pairInts[(last === NIL ? node : last) * PAIR_INTS + NEXT]
      )
    },
    advance,
    count: (actor, window) => (actor < actors ? ints[actor * actorInts + countAt + window] : 0),
    read(actor, into) {
      for (let w = 0; w < windows; w++) into[w] = actor < actors ? ints[actor * actorInts + countAt + w] : 0
    },
    oldest(actor, window) {
      if (actor >= actors) return Number.NEGATIVE_INFINITY
      const node = ints[actor * actorInts + firstAt + window]
      return node === NIL ? doubles[actor * actorDoubles + NEWEST] : pairDoubles[node * PAIR_DOUBLES]
    },
    get size() {
      return size
    },
    clear(actor) {
      if (actor >= actors) return
      for (let node = headOf(actor * actorInts); node !== NIL; ) {
        const after = pairInts[node * PAIR_INTS + NEXT]
        release(node)
        node = after
      }
      empty(actor)
    },
  }
}
