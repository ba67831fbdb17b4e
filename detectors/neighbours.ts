import { grown, roomFor } from './grown.ts'

/** Objects looked back on. */
const REMEMBERED = 8
/** How far apart two neighbours' numbers may be: ids that count upwards leave gaps, since other objects take numbers too. */
const REACH = 10

/** Ids' places in their order. */
export interface ObjectOrder {
  /** A number that grows with the id; NaN when it has none. */
  orderOf(object: number): number
}

/** Tells who goes through records in the order of their ids: whether a record lies next to one touched just before. */
export interface Neighbours {
  touch(actor: number, object: number): boolean
  clear(actor: number): void
}

export function createNeighbours(order: ObjectOrder): Neighbours {
  let actors = 0
  /** Of each actor the numbers of the objects touched last, as a ring. */
  let last = new Float64Array(0)
  let place = new Uint8Array(0)

  const reserve = (wanted: number) => {
    actors = roomFor(wanted, actors)
    last = grown(last, new Float64Array(actors * REMEMBERED).fill(Number.NaN))
    place = grown(place, new Uint8Array(actors))
  }

  return {
    touch(actor, object) {
      const at = order.orderOf(object)
      if (Number.isNaN(at)) return false
      if (actor >= actors) reserve(actor + 1)
      const from = actor * REMEMBERED
      let near = false
      for (let i = from; i < from + REMEMBERED; i++) {
        const distance = Math.abs(last[i] - at)
        if (distance === 0) return false
        if (distance <= REACH) near = true
      }
      last[from + place[actor]] = at
      place[actor] = (place[actor] + 1) % REMEMBERED
      return near
    },
    clear(actor) {
      if (actor >= actors) return
      last.fill(Number.NaN, actor * REMEMBERED, (actor + 1) * REMEMBERED)
      place[actor] = 0
    },
  }
}
