/** Days for which an address stays new to an actor. */
const NEW_FOR_DAYS = 3
/** Days an actor must be known before an address can be called new. */
const KNOWN_AFTER_DAYS = 7
/** Addresses held per actor; the one seen longest ago goes. */
const MOST = 64

/** The addresses each actor has worked from. */
export interface Places {
  /** Takes note of an address in use on `day`; tells whether it is new to the actor. */
  visit(actor: number, place: number, day: number): boolean
  /** Takes an address used from one day to another. In the order of the first. */
  restore(actor: number, place: number, first: number, last: number): void
  clear(actor: number): void
}

export function createPlaces(): Places {
  const known: (Map<number, { first: number; last: number }> | undefined)[] = []
  const since: number[] = []
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
      const places = placesOf(actor, day)
      const one = places.get(place)
      if (one !== undefined) {
        one.last = day
        return one.first > since[actor] + KNOWN_AFTER_DAYS && day - one.first < NEW_FOR_DAYS
      }
      places.set(place, { first: day, last: day })
      if (places.size > MOST) places.delete(oldest(places))
      return day > since[actor] + KNOWN_AFTER_DAYS
    },
    restore(actor, place, first, last) {
      const places = placesOf(actor, first)
      const one = places.get(place)
      if (one !== undefined) one.last = Math.max(one.last, last)
      else places.set(place, { first, last })
      if (places.size > MOST) places.delete(oldest(places))
    },
    clear(actor) {
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
