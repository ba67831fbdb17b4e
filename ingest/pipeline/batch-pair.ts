import { createOpenBatch, isEmpty, type OpenBatch } from './open-batch.ts'

/** Two batches in turn: while one is being written the other one fills. */
export interface BatchPair {
  /** The batch that is filling now. */
  readonly open: OpenBatch
  /** Entries that the open batch still takes. */
  room(): number
  isEmpty(): boolean
  /** Somebody waits for the open batch, or it is full enough. */
  isDue(): boolean
  /** Makes the open batch due, though nobody waits for it. */
  hurry(): void
  /** Gives the batch that was filling, to be written, and opens the other one, which is written by then. */
  swap(): OpenBatch
  /** Resolves when there may be room again. */
  roomMade(): Promise<void>
  /** Tells those who wait for the open batch or for room that nothing more will be stored. */
  fail(error: Error): void
}

export function createBatchPair(capacity: number): BatchPair {
  let open = createOpenBatch(capacity)
  let spare = createOpenBatch(capacity)
  let roomWaiters: (() => void)[] = []

  const used = () => open.events.length + open.unsure.length + open.deadLetters.length
  const wake = () => {
    const waiters = roomWaiters
    roomWaiters = []
    for (const waiter of waiters) waiter()
  }

  return {
    get open() {
      return open
    },
    room: () => capacity - used(),
    isEmpty: () => isEmpty(open),
    isDue: () => !isEmpty(open) && (open.isHurried || open.waiters.length > 0 || used() * 2 >= capacity),
    hurry() {
      open.isHurried = true
    },
    swap() {
      const filled = open
      open = spare
      spare = filled
      wake()
      return filled
    },
    roomMade: () => new Promise((resolve) => roomWaiters.push(resolve)),
    fail(error) {
      for (const waiter of open.waiters) waiter(error)
      open.waiters = []
      wake()
    },
  }
}
