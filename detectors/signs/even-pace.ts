import { grown, roomFor } from '../grown.ts'

/** How much two pauses may differ to be the same. */
const TOLERANCE = 0.1
/** Shorter ones are one page's doing; longer ones are no pace. */
const SHORTEST_MS = 500
const LONGEST_MS = 180_000

/** Tells contacts that are opened after the same time as the one before, as a script or a finger on one key does. */
export interface EvenPace {
  /** Takes note of a contact opened; tells whether its pause was that of the one before. */
  touch(actor: number, contact: number, time: number): boolean
  clear(actor: number): void
}

const NOBODY = -1

export function createEvenPace(): EvenPace {
  let contacts = new Int32Array(0)
  let times = new Float64Array(0)
  let pauses = new Float64Array(0)

  const reserve = (wanted: number) => {
    const from = contacts.length
    const rows = roomFor(wanted, from)
    contacts = grown(contacts, new Int32Array(rows)).fill(NOBODY, from)
    times = grown(times, new Float64Array(rows))
    pauses = grown(pauses, new Float64Array(rows))
  }

  return {
    touch(actor, contact, time) {
      if (actor >= contacts.length) reserve(actor + 1)
      // A second look at the same contact is none of the pace's.
      if (contacts[actor] === contact) return false
      const isFirst = contacts[actor] === NOBODY
      contacts[actor] = contact
      const pause = time - times[actor]
      times[actor] = time
      const before = pauses[actor]
      pauses[actor] = isFirst ? 0 : pause
      if (isFirst || pause < SHORTEST_MS || pause > LONGEST_MS) return false
      return Math.abs(pause - before) <= TOLERANCE * pause
    },
    clear(actor) {
      if (actor >= contacts.length) return
      contacts[actor] = NOBODY
      times[actor] = 0
      pauses[actor] = 0
    },
  }
}
