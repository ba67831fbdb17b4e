import type { BatchPair } from './batch-pair.ts'

export interface StoreTurnsParts {
  readonly batches: Pick<BatchPair, 'isEmpty' | 'isDue' | 'hurry'>
  /** Pasts that are being folded again, whose results are yet to come, and how many wait for it. */
  readonly refolds: { readonly running: boolean; readonly waiting: number }
  /** Writes the open batch; does not reject. */
  readonly write: () => Promise<void>
  /** After this long a batch is written though nobody waits for it. */
  readonly maxDelayMs: number
  readonly after: (ms: number, callback: () => void) => () => void
}

/** Decides what runs on the store: one batch or one task at a time. */
export interface StoreTurns {
  /** Lets something run when it is time and the store is free. */
  schedule(): void
  /** Runs a task while no batch is being written; the next batch waits for it. */
  between<T>(task: () => Promise<T>): Promise<T>
  /** Resolves when all is written and folded. */
  drain(): Promise<void>
  /** Lets what is open be written, and stops; tasks that come later are refused. */
  close(): Promise<void>
  /** Nothing runs from here on; who waits for a task or for the end is told so. */
  fail(error: Error): void
  readonly failure: Error | null
  readonly closing: boolean
}

const CLOSING_LOOK_MS = 5

export function createStoreTurns({ batches, refolds, write, maxDelayMs, after }: StoreTurnsParts): StoreTurns {
  const tasks: { run(): Promise<void>; refuse(error: Error): void }[] = []
  let idleWaiters: ((error: Error | null) => void)[] = []
  let running: Promise<void> | null = null
  let afterTask = false
  let failure: Error | null = null
  let closing = false
  let closed: Error | null = null
  let cancelTimer: (() => void) | null = null

  const stopTimer = () => {
    cancelTimer?.()
    cancelTimer = null
  }

  /**
   * Writes now when somebody waits or the batch is full enough; else when its first entry is old enough. Tasks and due
   * batches take turns, so that neither keeps the other from the store.
   */
  const schedule = () => {
    if (running !== null || failure !== null) return
    const due = batches.isDue() || (!batches.isEmpty() && (closing || idleWaiters.length > 0))
    const task = due && afterTask ? undefined : tasks.shift()
    if (task !== undefined) {
      afterTask = true
      running = task.run().finally(goOn)
      return
    }
    if (batches.isEmpty()) return
    if (due) {
      afterTask = false
      stopTimer()
      running = write().finally(goOn)
      return
    }
    cancelTimer ??= after(maxDelayMs, () => {
      cancelTimer = null
      batches.hurry()
      schedule()
    })
  }

  const goOn = () => {
    running = null
    schedule()
    if (running === null && batches.isEmpty() && !refolds.running && refolds.waiting === 0) settleIdle(null)
  }

  const settleIdle = (error: Error | null) => {
    const waiters = idleWaiters
    idleWaiters = []
    for (const waiter of waiters) waiter(error)
  }

  const refuseTasks = (error: Error) => {
    for (const { refuse } of tasks.splice(0)) refuse(error)
  }

  return {
    schedule,

    between: (task) =>
      new Promise((resolve, refuse) => {
        tasks.push({ run: () => task().then(resolve, refuse), refuse })
        const refusal = failure ?? closed
        if (refusal !== null) refuseTasks(refusal)
        schedule()
      }),

    async drain() {
      if (failure !== null) throw failure
      if (running === null && batches.isEmpty() && !refolds.running && refolds.waiting === 0) return
      const idle = new Promise<void>((resolve, refuse) => {
        idleWaiters.push((error) => (error === null ? resolve() : refuse(error)))
      })
      batches.hurry()
      schedule()
      await idle
    },

    async close() {
      closing = true
      stopTimer()
      while (failure === null && (running !== null || !batches.isEmpty() || refolds.running)) {
        schedule()
        await (running ?? new Promise<void>((resolve) => after(CLOSING_LOOK_MS, resolve)))
      }
      closed = new Error('The store is closed.')
    },

    fail(error) {
      failure = error
      settleIdle(error)
      refuseTasks(error)
    },

    get failure() {
      return failure
    },
    get closing() {
      return closing
    },
  }
}
