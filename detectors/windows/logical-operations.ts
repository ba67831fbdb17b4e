/**
 * Counts one user operation once, however many rows a source writes for it: the amount of an operation is the greater of
 * the largest number any row reports and the number of distinct records its rows name, in whatever order they come.
 */
export interface LogicalOperations {
  /**
   * Takes one row and returns by how much the operation's amount grows; `first` when the operation is new.
   * `reported` null when the row gives no number.
   */
  add(
    actor: number,
    operation: string,
    time: number,
    reported: number | null,
    objects: Iterable<number>,
  ): { readonly grown: number; readonly first: boolean; readonly wasUnknown: boolean; readonly known: boolean }
  /** Forgets the actor's operations. */
  forget(actor: number): void
  readonly size: number
}

interface Operation {
  amount: number
  known: boolean
  readonly objects: Set<number>
  lastTime: number
}

/** Operations are forgotten when the newest event is `keepMs` past their last row; at most `capacity` are held. */
export function createLogicalOperations(keepMs: number, capacity = 200_000): LogicalOperations {
  const operations = new Map<string, Operation>()

  const forgetOld = (now: number) => {
    for (const [key, operation] of operations) {
      if (operations.size <= capacity && operation.lastTime >= now - keepMs) break
      operations.delete(key)
    }
  }

  return {
    add(actor, name, time, reported, objects) {
      const key = `${actor} ${name}`
      let operation = operations.get(key)
      const first = operation === undefined
      if (operation === undefined) {
        operation = { amount: 0, known: false, objects: new Set(), lastTime: time }
        operations.set(key, operation)
        forgetOld(time)
      }
      const wasUnknown = !operation.known
      operation.lastTime = Math.max(operation.lastTime, time)
      for (const object of objects) operation.objects.add(object)
      const amount = Math.max(operation.amount, reported ?? 0, operation.objects.size)
      const grown = amount - operation.amount
      operation.amount = amount
      if (reported !== null || operation.objects.size > 0) operation.known = true
      return { grown, first, wasUnknown, known: operation.known }
    },
    forget(actor) {
      const prefix = `${actor} `
      for (const key of operations.keys()) if (key.startsWith(prefix)) operations.delete(key)
    },
    get size() {
      return operations.size
    },
  }
}
