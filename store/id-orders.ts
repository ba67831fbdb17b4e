const FIRST_SIZE = 1 << 12

/** Where ids that count upwards stand in their order, by object code. */
export interface IdOrders {
  /** Takes the number of the next object code; NaN when its id has none. */
  add(order: number): void
  of(object: number): number
}

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
