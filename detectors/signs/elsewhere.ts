import { grown, roomFor } from '../grown.ts'

/** Between uses of the usual address, what is read elsewhere within so long of both is read while it is in use. */
const AT_ONCE_MS = 2 * 3_600_000

/**
 * Tells what an account reads from a new address while a usual one is in use: before it and after it, with no more than
 * two hours between. Who moves, travels or changes provider does not come back to the old address so soon.
 */
export interface Elsewhere {
  /** Takes note of records read from a new address. */
  away(actor: number, records: number, time: number): void
  /** Takes note of a usual address in use; returns the records read elsewhere since its use before. */
  usual(actor: number, time: number): number
  clear(actor: number): void
}

export function createElsewhere(): Elsewhere {
  let seenAt = new Float64Array(0)
  let awayAt = new Float64Array(0)
  let records = new Float64Array(0)

  const reserve = (wanted: number) => {
    const from = seenAt.length
    const rows = roomFor(wanted, from)
    seenAt = grown(seenAt, new Float64Array(rows)).fill(Number.NEGATIVE_INFINITY, from)
    awayAt = grown(awayAt, new Float64Array(rows))
    records = grown(records, new Float64Array(rows))
  }

  return {
    away(actor, read, time) {
      if (actor >= seenAt.length) reserve(actor + 1)
      if (records[actor] === 0 && time - seenAt[actor] > AT_ONCE_MS) return
      records[actor] += read
      awayAt[actor] = time
    },
    usual(actor, time) {
      if (actor >= seenAt.length) reserve(actor + 1)
      seenAt[actor] = time
      const read = records[actor]
      if (read === 0) return 0
      records[actor] = 0
      return time - awayAt[actor] > AT_ONCE_MS ? 0 : read
    },
    clear(actor) {
      if (actor >= seenAt.length) return
      seenAt[actor] = Number.NEGATIVE_INFINITY
      records[actor] = 0
    },
  }
}
