const SHARDS = 16
const FIRST_SIZE = 1 << 8

/**
 * Finds the node of an (actor, object) pair. Open addressing with linear probing and backward-shift deletion, over
 * sixteen shards by actor, so that growing copies a sixteenth of the table at a time.
 */
export interface PairIndex {
  /** The node of the pair, or -1. */
  find(actor: number, object: number): number
  /** The pair must be absent. */
  insert(node: number): void
  /** The pair must be present. */
  remove(node: number): void
}

/** `keys` are the owner's columns: the pair of node n is (actorOf()[n], objectOf()[n]). They may be replaced as they grow. */
export function createPairIndex(keys: { actor: Int32Array; object: Int32Array }): PairIndex {
  const tables: Int32Array[] = Array.from({ length: SHARDS }, () => new Int32Array(FIRST_SIZE).fill(-1))
  const used = new Int32Array(SHARDS)

  const grow = (shard: number) => {
    const old = tables[shard]
    const table = new Int32Array(old.length * 2).fill(-1)
    const mask = table.length - 1
    for (const node of old) {
      if (node === -1) continue
      let at = hashPair(keys.actor[node], keys.object[node]) & mask
      while (table[at] !== -1) at = (at + 1) & mask
      table[at] = node
    }
    tables[shard] = table
  }

  return {
    find(actor, object) {
      const table = tables[actor & (SHARDS - 1)]
      const mask = table.length - 1
      let at = hashPair(actor, object) & mask
      for (;;) {
        const node = table[at]
        if (node === -1) return -1
        if (keys.object[node] === object && keys.actor[node] === actor) return node
        at = (at + 1) & mask
      }
    },
    insert(node) {
      const actor = keys.actor[node]
      const shard = actor & (SHARDS - 1)
      if (++used[shard] * 3 > tables[shard].length * 2) grow(shard)
      const table = tables[shard]
      const mask = table.length - 1
      let at = hashPair(actor, keys.object[node]) & mask
      while (table[at] !== -1) at = (at + 1) & mask
      table[at] = node
    },
    remove(node) {
      const actor = keys.actor[node]
      const shard = actor & (SHARDS - 1)
      const table = tables[shard]
      const mask = table.length - 1
      let hole = hashPair(actor, keys.object[node]) & mask
      while (table[hole] !== node) hole = (hole + 1) & mask
      used[shard]--
      for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
        const moved = table[at]
        if (moved === -1) break
        const home = hashPair(keys.actor[moved], keys.object[moved]) & mask
        // A node may fill the hole only when its home does not lie between the hole and itself.
        if (((at - home) & mask) >= ((at - hole) & mask)) {
          table[hole] = moved
          hole = at
        }
      }
      table[hole] = -1
    },
  }
}

/** Mixes two codes into 32 bits (the finaliser of MurmurHash3). */
function hashPair(actor: number, object: number): number {
  let h = Math.imul(actor, 0x9e3779b1) ^ object
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
