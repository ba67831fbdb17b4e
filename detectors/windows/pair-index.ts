const SHARDS = 16
const FIRST_SIZE = 1 << 8
const ABSENT = -1
/** An entry is two numbers side by side, node and hash, so that a look-up meets no pair but the one it is after. */
const WIDTH = 2

/**
 * Finds the node of an (actor, object) pair. Open addressing with linear probing and backward-shift deletion, over
 * sixteen shards by actor, so that growing copies a sixteenth of the table at a time.
 */
export interface PairIndex {
  /** The node of the pair, or -1. */
  find(actor: number, object: number): number
  /** The pair must be absent. */
  insert(actor: number, object: number, node: number): void
  /** The pair must be present, with this node. */
  remove(actor: number, object: number, node: number): void
}

/** `isPair` tells whether a node is that of a pair: of two pairs with the same hash. */
export function createPairIndex(isPair: (node: number, actor: number, object: number) => boolean): PairIndex {
  const tables: Int32Array[] = Array.from({ length: SHARDS }, () => emptyTable(FIRST_SIZE))
  const used = new Int32Array(SHARDS)

  const grow = (shard: number) => {
    const old = tables[shard]
    const table = emptyTable(old.length)
    const mask = table.length - 1
    for (let from = 0; from < old.length; from += WIDTH) {
      if (old[from] === ABSENT) continue
      let at = (old[from + 1] * WIDTH) & mask
      while (table[at] !== ABSENT) at = (at + WIDTH) & mask
      table[at] = old[from]
      table[at + 1] = old[from + 1]
    }
    tables[shard] = table
  }

  return {
    find(actor, object) {
      const table = tables[actor & (SHARDS - 1)]
      const mask = table.length - 1
      const hash = hashPair(actor, object)
      let at = (hash * WIDTH) & mask
      for (;;) {
        const node = table[at]
        if (node === ABSENT) return ABSENT
        if (table[at + 1] === hash && isPair(node, actor, object)) return node
        at = (at + WIDTH) & mask
      }
    },
    insert(actor, object, node) {
      const shard = actor & (SHARDS - 1)
      if (++used[shard] * 3 * WIDTH > tables[shard].length * 2) grow(shard)
      const table = tables[shard]
      const mask = table.length - 1
      const hash = hashPair(actor, object)
      let at = (hash * WIDTH) & mask
      while (table[at] !== ABSENT) at = (at + WIDTH) & mask
      table[at] = node
      table[at + 1] = hash
    },
    remove(actor, object, node) {
      const shard = actor & (SHARDS - 1)
      const table = tables[shard]
      const mask = table.length - 1
      let hole = (hashPair(actor, object) * WIDTH) & mask
      while (table[hole] !== node) hole = (hole + WIDTH) & mask
      used[shard]--
      for (let at = (hole + WIDTH) & mask; table[at] !== ABSENT; at = (at + WIDTH) & mask) {
        const home = (table[at + 1] * WIDTH) & mask
        // An entry may fill the hole only when its home does not lie between the hole and itself.
        if (((at - home) & mask) < ((at - hole) & mask)) continue
        table[hole] = table[at]
        table[hole + 1] = table[at + 1]
        hole = at
      }
      table[hole] = ABSENT
    },
  }
}

/** A table of twice as many entries as `numbers`; all of them stand for nothing. */
function emptyTable(numbers: number): Int32Array {
  return new Int32Array(numbers * WIDTH).fill(ABSENT)
}

/** Mixes two codes into 30 bits (the finaliser of MurmurHash3). */
function hashPair(actor: number, object: number): number {
  let h = Math.imul(actor, 0x9e3779b1) ^ object
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) & 0x3fffffff
}
