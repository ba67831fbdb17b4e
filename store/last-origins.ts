const WIDTH = 4
const FIRST_ACTORS = 1_024

/** Each actor's last origin by its fingerprint, side by side, so that a look-up touches one cache line. */
export interface LastOrigins {
  /** The origin's code when it is the actor's last one, or -1. */
  find(actor: number, lo: number, hi: number): number
  put(actor: number, lo: number, hi: number, code: number): void
}

/** A session holds for many events, so this is where most origins are found. */
export function createLastOrigins(): LastOrigins {
  /** Of each actor the fingerprint, the code, and 1 when there is one. */
  let entries = new Int32Array(FIRST_ACTORS * WIDTH)
  return {
    find(actor, lo, hi) {
      const at = actor * WIDTH
      if (at >= entries.length || entries[at + 3] !== 1) return -1
      return entries[at] === lo && entries[at + 1] === hi ? entries[at + 2] : -1
    },
    put(actor, lo, hi, code) {
      const at = actor * WIDTH
      if (at + WIDTH > entries.length) {
        const grown = new Int32Array(Math.max(at + WIDTH, entries.length * 2))
        grown.set(entries)
        entries = grown
      }
      entries[at] = lo
      entries[at + 1] = hi
      entries[at + 2] = code
      entries[at + 3] = 1
    },
  }
}
