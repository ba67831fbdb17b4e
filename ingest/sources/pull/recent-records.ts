import { hash } from 'node:crypto'

/**
 * Which records were handed on lately. A span that overlaps with the last one brings the same rows again: events are known
 * by their ids, but rows that are ignored or refused would be counted anew each time. In memory alone: after a restart
 * such rows are counted once more.
 */
export interface RecentRecords {
  has(key: string): boolean
  add(key: string): void
}

/** Under which a record is remembered: by its bytes. */
export const recentKey = (raw: Buffer): string => hash('sha256', raw, 'base64').slice(0, 22)

/** Remembers at least the last `size` records, and at most twice as many. */
export function createRecentRecords(size: number): RecentRecords {
  let young = new Set<string>()
  let old = new Set<string>()
  return {
    has: (key) => young.has(key) || old.has(key),
    add(key) {
      young.add(key)
      if (young.size < size) return
      old = young
      young = new Set()
    },
  }
}
