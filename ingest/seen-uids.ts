import { createTextHash, type HashKey } from '../store/text-hash.ts'

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
  check(org: string, eventUid: string, time: number): Known
  /** As check(), of the fingerprint of tenant and event_uid as TextHash makes it. */
  checkPrint(lo: number, hi: number, time: number): Known
  remember(org: string, eventUid: string, time: number): void
  /** Fetches into the processor's cache what checkPrint() of the fingerprint will read; the number keeps the reading from being left out. */
  prefetch(lo: number): number
  /** Events up to this time may be in the store without being remembered. */
  forgetUpTo(time: number): void
}

type Known = 'new' | 'duplicate' | 'unsure'

interface Generation {
  /** Two numbers an entry, lo and hi, side by side: a look-up touches one cache line. */
  readonly lanes: Int32Array
  size: number
  newest: number
}

const EMPTY = 0

/** `capacity`: events remembered at least; up to twice that are. 24 bytes each. */
export function createSeenUids(capacity: number, hashKey: HashKey): SeenUids {
  const hash = createTextHash(hashKey)
  const slots = 2 ** Math.ceil(Math.log2(capacity * 1.5))
  const mask = slots - 1
  const fresh = (): Generation => ({
    lanes: new Int32Array(slots * 2),
    size: 0,
    newest: Number.NEGATIVE_INFINITY,
  })
  let young = fresh()
  let old = fresh()
  let droppedUpTo = Number.NEGATIVE_INFINITY

  /** Fingerprint of the event asked about. */
  let lo = 0
  let hi = 0
  const keepFingerprint = (newLo: number, newHi: number) => {
    lo = newLo || 1
    hi = newHi
  }
  const fingerprint = (org: string, eventUid: string) => {
    hash.startWith(org).field(eventUid).end()
    keepFingerprint(hash.lo, hash.hi)
  }
  /** Where the fingerprint stands in a generation, or would. */
  const placeIn = ({ lanes }: Generation): number => {
    let slot = lo & mask
    for (;;) {
      const at = slot * 2
      if (lanes[at] === EMPTY || (lanes[at] === lo && lanes[at + 1] === hi)) return at
      slot = (slot + 1) & mask
    }
  }
  const put = (at: number, time: number) => {
    young.lanes[at] = lo
    young.lanes[at + 1] = hi
    young.size++
    if (time > young.newest) young.newest = time
    if (young.size < capacity) return
    if (old.newest > droppedUpTo) droppedUpTo = old.newest
    const reused = old
    old = young
    reused.lanes.fill(EMPTY)
    reused.size = 0
    reused.newest = Number.NEGATIVE_INFINITY
    young = reused
  }

  const checkFingerprint = (time: number): Known => {
    const at = placeIn(young)
    if (young.lanes[at] !== EMPTY) return 'duplicate'
    if (old.size > 0 && old.lanes[placeIn(old)] !== EMPTY) return 'duplicate'
    if (time <= droppedUpTo) return 'unsure'
    put(at, time)
    return 'new'
  }

  return {
    check(org, eventUid, time) {
      fingerprint(org, eventUid)
      return checkFingerprint(time)
    },
    checkPrint(printLo, printHi, time) {
      keepFingerprint(printLo, printHi)
      return checkFingerprint(time)
    },
    prefetch(printLo) {
      const at = ((printLo || 1) & mask) * 2
      return young.lanes[at] ^ old.lanes[at]
    },
    remember(org, eventUid, time) {
      fingerprint(org, eventUid)
      const at = placeIn(young)
      if (young.lanes[at] === EMPTY) put(at, time)
    },
    forgetUpTo(time) {
      if (time > droppedUpTo) droppedUpTo = time
    },
  }
}
