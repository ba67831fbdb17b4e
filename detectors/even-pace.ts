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
    const rows = Math.max(wanted, Math.ceil(from * 1.5), 64)
    const [moreContacts, moreTimes, morePauses] = [new Int32Array(rows), new Float64Array(rows), new Float64Array(rows)]
    moreContacts.set(contacts)
    moreTimes.set(times)
    morePauses.set(pauses)
    contacts = moreContacts.fill(NOBODY, from)
    times = moreTimes
    pauses = morePauses
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
