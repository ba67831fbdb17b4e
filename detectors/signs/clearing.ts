import { grown, roomFor } from '../grown.ts'

/**
 * Tells changes and deletions that follow on the same day upon records taken out, which in turn a list or search came
 * before: whoever takes a copy along and spoils what is left. No more are counted than were taken.
 */
export interface Clearing {
  listed(actor: number): void
  taken(actor: number, records: number): void
  /** Takes note of records changed or deleted; returns how many of them count. */
  worked(actor: number, records: number): number
  clear(actor: number): void
}

export function createClearing(): Clearing {
  let hasListed = new Uint8Array(0)
  /** Records taken out and not yet followed by a change. */
  let open = new Float64Array(0)

  const reserve = (actor: number) => {
    if (actor < open.length) return
    const rows = roomFor(actor + 1, open.length)
    hasListed = grown(hasListed, new Uint8Array(rows))
    open = grown(open, new Float64Array(rows))
  }

  return {
    listed(actor) {
      reserve(actor)
      hasListed[actor] = 1
    },
    taken(actor, records) {
      reserve(actor)
      if (hasListed[actor] === 1) open[actor] += records
    },
    worked(actor, records) {
      reserve(actor)
      const counted = Math.min(records, open[actor])
      open[actor] -= counted
      return counted
    },
    clear(actor) {
      if (actor >= open.length) return
      hasListed[actor] = 0
      open[actor] = 0
    },
  }
}
