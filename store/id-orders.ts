const FIRST_SIZE = 1 << 12

/** Where ids that count upwards stand in their order, by object code. */
export interface IdOrders {
  /** Takes the number of the next object code; NaN when its id has none. */
  add(order: number): void
  of(object: number): number
}

/** The number that an id ends in; NaN when it ends in none of two to fifteen digits. */
export function orderOfId(uid: string): number {
  let from = uid.length
  while (from > 0 && uid.length - from < 15 && isDigit(uid.charCodeAt(from - 1))) from--
  return uid.length - from < 2 ? Number.NaN : Number(uid.slice(from))
}

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57

export function createIdOrders(): IdOrders {
  let orders = new Float64Array(FIRST_SIZE)
  let size = 0
  return {
    add(order) {
      if (size === orders.length) {
        const grown = new Float64Array(size * 2)
        grown.set(orders)
        orders = grown
      }
      orders[size++] = order
    },
    of: (object) => (object < size ? orders[object] : Number.NaN),
  }
}
