/** What a row does with the records of its operation. */
export type RecordUse = 'listed' | 'taken' | 'shared'

/** One row of an operation. */
export interface OperationRow {
  readonly actor: number
  /** The source's name for the operation, known of one actor. */
  readonly operation: string
  readonly time: number
  readonly uses: readonly RecordUse[]
  /** Records that the row reports; null when it gives no number. */
  readonly reported: number | null
  /** Records that the row names. */
  readonly objects: Iterable<number>
  /** Whether the operation counts as one of unknown size as long as no row tells its size. */
  readonly countsUnsized: boolean
}

/** By how many records the operation grows with the row, for each use that any of its rows makes of them. */
export interface OperationGrowth extends Readonly<Record<RecordUse, number>> {
  /** Whether it counts as one of unknown size from this row on. */
  readonly isUnsized: boolean
  /** Since when it counted as that until this row, which tells its size; null else. */
  readonly unsizedSince: number | null
}

/**
 * Counts one user operation once, however many rows a source writes for it: the amount of an operation is the greater of
 * the largest number any row reports and the number of distinct records its rows name, in whatever order they come.
 * Each use of the records counts that amount, for sources write the export and the list behind it as one operation, and
 * only one of the two may say how much it was.
 */
export interface LogicalOperations {
  add(row: OperationRow): OperationGrowth
  /** Forgets the actor's operations. */
  forget(actor: number): void
  /** Operations that are followed. */
  readonly size: number
}

export interface OperationLimits {
  /** An operation is forgotten when its actor's next one comes so long after its last row, in ms of event time. */
  readonly keepMs: number
  /** Operations that are followed at most; the oldest are forgotten first. */
  readonly operations: number
  /** Records that are remembered of all operations together. */
  readonly objects: number
  /** Records that are remembered of one operation; what it names beyond counts as often as it is named. */
  readonly objectsOfOne: number
}

export const OPERATION_LIMITS: OperationLimits = {
  keepMs: 7 * 86_400_000,
  operations: 200_000,
  objects: 2_000_000,
  objectsOfOne: 200_000,
}

/** Counted so far for each use of the records; of those not made yet `NOT_MADE`. */
interface Operation extends Record<RecordUse, number> {
  readonly actor: number
  amount: number
  isSized: boolean
  unsizedSince: number | null
  readonly objects: Set<number>
  namedBeyond: number
  lastTime: number
}

const NOT_MADE = -1

export function createLogicalOperations(limits: OperationLimits = OPERATION_LIMITS): LogicalOperations {
  /** The one begun first stands first. */
  const operations = new Map<string, Operation>()
  /** By actor, the one whose last row is longest ago first. */
  const byActor = new Map<number, Map<string, Operation>>()
  let objects = 0

  const begin = (key: string, { actor, time: lastTime }: OperationRow): Operation => {
    const none = { amount: 0, listed: NOT_MADE, taken: NOT_MADE, shared: NOT_MADE, namedBeyond: 0 }
    const operation: Operation = { ...none, isSized: false, unsizedSince: null, actor, lastTime, objects: new Set() }
    operations.set(key, operation)
    return operation
  }

  const remove = (key: string, operation: Operation): void => {
    operations.delete(key)
    objects -= operation.objects.size
    const own = byActor.get(operation.actor)
    own?.delete(key)
    if (own?.size === 0) byActor.delete(operation.actor)
  }

  /** Puts the operation last of its actor's. */
  const moveToEnd = (key: string, operation: Operation): void => {
    const own = byActor.get(operation.actor)
    if (own === undefined) {
      byActor.set(operation.actor, new Map([[key, operation]]))
      return
    }
    own.delete(key)
    own.set(key, operation)
  }

  /** Forgets what is over by the actor's own time: others' logs may be months ahead, or behind. */
  const forgetOver = (actor: number, now: number): void => {
    for (const [key, operation] of byActor.get(actor) ?? []) {
      if (operation.lastTime >= now - limits.keepMs) return
      remove(key, operation)
    }
  }

  /** Forgets the oldest operations, other than the one that has just grown, as far as there is no room. */
  const makeRoom = (grown: Operation): void => {
    for (const [key, operation] of operations) {
      if (operations.size <= limits.operations && objects <= limits.objects) return
      if (operation !== grown) remove(key, operation)
    }
  }

  const name = (operation: Operation, named: Iterable<number>): void => {
    const before = operation.objects.size
    for (const object of named) {
      if (operation.objects.size < limits.objectsOfOne) operation.objects.add(object)
      else if (!operation.objects.has(object)) operation.namedBeyond++
    }
    objects += operation.objects.size - before
  }

  return {
    add(row) {
      const key = `${row.actor} ${row.operation}`
      forgetOver(row.actor, row.time)
      const operation = operations.get(key) ?? begin(key, row)
      operation.lastTime = Math.max(operation.lastTime, row.time)
      moveToEnd(key, operation)
      name(operation, row.objects)
      makeRoom(operation)
      operation.amount = Math.max(operation.amount, row.reported ?? 0, operation.objects.size + operation.namedBeyond)
      for (const use of row.uses) if (operation[use] === NOT_MADE) operation[use] = 0
      const records = {
        listed: grow(operation, 'listed'),
        taken: grow(operation, 'taken'),
        shared: grow(operation, 'shared'),
      }
      operation.isSized ||= row.reported !== null || operation.objects.size > 0
      const { unsizedSince } = operation
      const isUnsized = row.countsUnsized && !operation.isSized && unsizedSince === null
      if (isUnsized) operation.unsizedSince = row.time
      if (!operation.isSized || unsizedSince === null) return { ...records, isUnsized, unsizedSince: null }
      operation.unsizedSince = null
      return { ...records, isUnsized, unsizedSince }
    },
    forget(actor) {
      for (const [key, operation] of byActor.get(actor) ?? []) remove(key, operation)
    },
    get size() {
      return operations.size
    },
  }
}

/** Brings what is counted for a use up to the operation's amount; tells by how much. */
function grow(operation: Operation, use: RecordUse): number {
  if (operation[use] === NOT_MADE) return 0
  const more = operation.amount - operation[use]
  operation[use] = operation.amount
  return more
}
