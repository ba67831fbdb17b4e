import { grown, roomFor } from '../grown.ts'

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
  touch(actor: number, object: number, time: number): boolean
  /** Work on a record: when it was told to be next to another, if it is one of the last ones; NaN otherwise, and once more. */
  worked(actor: number, object: number): number
  clear(actor: number): void
}

export function createNeighbours(order: ObjectOrder): Neighbours {
  let actors = 0
  /** Of each actor the numbers of the objects touched last, as a ring. */
  let last = new Float64Array(0)
  /** When each of them was told to be a neighbour; NaN for not, or no more. */
  let toldAt = new Float64Array(0)
  let place = new Uint8Array(0)

  const reserve = (wanted: number) => {
    actors = roomFor(wanted, actors)
    last = grown(last, new Float64Array(actors * REMEMBERED).fill(Number.NaN))
    toldAt = grown(toldAt, new Float64Array(actors * REMEMBERED).fill(Number.NaN))
    place = grown(place, new Uint8Array(actors))
  }

  return {
    touch(actor, object, time) {
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
      toldAt[from + place[actor]] = near ? time : Number.NaN
      place[actor] = (place[actor] + 1) % REMEMBERED
      return near
    },
    worked(actor, object) {
      if (actor >= actors) return Number.NaN
      const at = order.orderOf(object)
      const from = actor * REMEMBERED
      for (let i = from; i < from + REMEMBERED; i++) {
        if (last[i] !== at) continue
        const told = toldAt[i]
        toldAt[i] = Number.NaN
        return told
      }
      return Number.NaN
    },
    clear(actor) {
      if (actor >= actors) return
      last.fill(Number.NaN, actor * REMEMBERED, (actor + 1) * REMEMBERED)
      place[actor] = 0
    },
  }
}
