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
  const last: (Float64Array | undefined)[] = []
  const place: number[] = []
  return {
    touch(actor, object) {
      const at = order.orderOf(object)
      if (Number.isNaN(at)) return false
      let ring = last[actor]
      if (ring === undefined) {
        ring = new Float64Array(REMEMBERED).fill(Number.NaN)
        while (last.length < actor) {
          last.push(undefined)
          place.push(0)
        }
        last[actor] = ring
        place[actor] = 0
      }
      let near = false
      for (let i = 0; i < REMEMBERED; i++) {
        const distance = Math.abs(ring[i] - at)
        if (distance === 0) return false
        if (distance <= REACH) near = true
      }
      ring[place[actor]] = at
      place[actor] = (place[actor] + 1) % REMEMBERED
      return near
    },
    clear(actor) {
      const ring = last[actor]
      if (ring === undefined) return
      ring.fill(Number.NaN)
      place[actor] = 0
    },
  }
}
