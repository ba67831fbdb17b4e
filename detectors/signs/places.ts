import { grown, roomFor } from '../grown.ts'

/** Days for which an address stays new to an actor. */
export const NEW_FOR_DAYS = 3
/** Addresses held per actor; the one seen longest ago goes. */
const MOST = 64
const NOWHERE = -1

/** The addresses each actor has worked from, or anything else that an actor has few of. */
export interface Places {
  /** Takes note of an address in use on `day`; tells whether it is new to the actor. */
  visit(actor: number, place: number, day: number): boolean
  /** Takes an address used from one day to another; one that is known was used until then. */
  restore(actor: number, place: number, first: number, last: number): void
  clear(actor: number): void
}

/** `knownAfterDays`: how long an actor must be known before an address can be called new. */
export function createPlaces(knownAfterDays: number): Places {
  const known: (Map<number, { first: number; last: number }> | undefined)[] = []
  const since: number[] = []
  /** Each actor's last address, day and answer: most events repeat them. */
  let lastPlace = new Int32Array(0)
  let lastDay = new Int32Array(0)
  let lastAnswer = new Uint8Array(0)
  const remember = (actor: number, place: number, day: number, isNew: boolean): boolean => {
    if (actor >= lastPlace.length) {
      const rows = roomFor(actor + 1, lastPlace.length)
      lastPlace = grown(lastPlace, new Int32Array(rows).fill(NOWHERE))
      lastDay = grown(lastDay, new Int32Array(rows))
      lastAnswer = grown(lastAnswer, new Uint8Array(rows))
    }
    lastPlace[actor] = place
    lastDay[actor] = day
    lastAnswer[actor] = isNew ? 1 : 0
    return isNew
  }

  const placesOf = (actor: number, day: number) => {
    let places = known[actor]
    if (places === undefined) {
      places = new Map()
      while (known.length < actor) {
        known.push(undefined)
        since.push(0)
      }
      known[actor] = places
      since[actor] = day
    }
    return places
  }

  return {
    visit(actor, place, day) {
      if (lastPlace[actor] === place && lastDay[actor] === day) return lastAnswer[actor] === 1
      const places = placesOf(actor, day)
      const one = places.get(place)
      if (one !== undefined) {
        one.last = day
        return remember(actor, place, day, one.first > since[actor] + knownAfterDays && day - one.first < NEW_FOR_DAYS)
      }
      places.set(place, { first: day, last: day })
      if (places.size > MOST) places.delete(oldest(places))
      return remember(actor, place, day, day > since[actor] + knownAfterDays)
    },
    restore(actor, place, first, last) {
      const places = placesOf(actor, first)
      const one = places.get(place)
      if (one !== undefined) one.last = Math.max(one.last, last)
      else places.set(place, { first, last })
      if (places.size > MOST) places.delete(oldest(places))
    },
    clear(actor) {
      if (actor < lastPlace.length) lastPlace[actor] = NOWHERE
      known[actor] = undefined
    },
  }
}

function oldest(places: ReadonlyMap<number, { readonly last: number }>): number {
  let found = -1
  let last = Number.POSITIVE_INFINITY
  for (const [place, one] of places) {
    if (one.last >= last) continue
    found = place
    last = one.last
  }
  return found
}
