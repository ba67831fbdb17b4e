import { createTextHash } from '../store/text-hash.ts'

/**
 * Which events have been taken already, by the fingerprint of tenant and event_uid. Two generations of fingerprints
 * are held, the older dropped whole when the younger is full; beyond them the store has to be asked, and only for
 * events that are not newer than what was dropped.
 */
export interface SeenUids {
  /**
   * Tells `new` (and remembers it), `duplicate`, or `unsure`: not among the remembered, and old enough to have been
   * dropped. An `unsure` one that the store does not know is then given to `remember`.
   */
  check(org: string, eventUid: string, time: number): 'new' | 'duplicate' | 'unsure'
  remember(org: string, eventUid: string, time: number): void
  /** Events up to this time may be in the store without being remembered. */
  forgetUpTo(time: number): void
}

interface Generation {
  readonly lows: Int32Array
  readonly highs: Int32Array
  size: number
  newest: number
}

const EMPTY = 0

/** `capacity`: events remembered at least; up to twice that are. 24 bytes each. */
export function createSeenUids(capacity: number): SeenUids {
  const hash = createTextHash()
  const slots = 2 ** Math.ceil(Math.log2(capacity * 1.5))
  const mask = slots - 1
  const fresh = (): Generation => ({
    lows: new Int32Array(slots),
    highs: new Int32Array(slots),
    size: 0,
    newest: Number.NEGATIVE_INFINITY,
  })
  let young = fresh()
  let old = fresh()
  let droppedUpTo = Number.NEGATIVE_INFINITY

  const slotOf = (generation: Generation, lo: number, hi: number): number => {
    let at = lo & mask
    while (generation.lows[at] !== EMPTY && (generation.lows[at] !== lo || generation.highs[at] !== hi))
      at = (at + 1) & mask
    return at
  }
  const put = (at: number, lo: number, hi: number, time: number) => {
    young.lows[at] = lo
    young.highs[at] = hi
    young.size++
    if (time > young.newest) young.newest = time
    if (young.size < capacity) return
    if (old.newest > droppedUpTo) droppedUpTo = old.newest
    const reused = old
    old = young
    reused.lows.fill(EMPTY)
    reused.size = 0
    reused.newest = Number.NEGATIVE_INFINITY
    young = reused
  }
  const lanes = (org: string, eventUid: string): [number, number] => {
    hash.startWith(org).field(eventUid)
    return [hash.lo() || 1, hash.hi()]
  }

  return {
    check(org, eventUid, time) {
      const [lo, hi] = lanes(org, eventUid)
      const at = slotOf(young, lo, hi)
      if (young.lows[at] !== EMPTY) return 'duplicate'
      if (old.size > 0 && old.lows[slotOf(old, lo, hi)] !== EMPTY) return 'duplicate'
      if (time <= droppedUpTo) return 'unsure'
      put(at, lo, hi, time)
      return 'new'
    },
    remember(org, eventUid, time) {
      const [lo, hi] = lanes(org, eventUid)
      const at = slotOf(young, lo, hi)
      if (young.lows[at] === EMPTY) put(at, lo, hi, time)
    },
    forgetUpTo(time) {
      if (time > droppedUpTo) droppedUpTo = time
    },
  }
}
