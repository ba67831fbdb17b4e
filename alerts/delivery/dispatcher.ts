import { nextDeliveries, type WaitingDelivery } from '../../store/deliveries.ts'
import { type AttemptOptions, createAttemptDelivery, SERVICE_ENDS } from './attempt-delivery.ts'

export interface DispatcherOptions extends AttemptOptions {
  /** How long an attempt may take, from the look-up of the name to the end of the answer. */
  readonly attemptTimeoutMs: number
  readonly after: (ms: number, callback: () => void) => () => void
  /** The outbox could not be read or written; it is tried again. */
  readonly onTrouble: (error: unknown) => void
}

/** Brings what waits in the outbox to its channels, for as long as it lives. */
export interface Dispatcher {
  /** Something was added to the outbox. */
  wake(): void
  /** Ends the attempts that are under way; what was not told is told after the next start. */
  [Symbol.asyncDispose](): Promise<void>
}

const LONGEST_WAIT_MS = 3_600_000
const TROUBLE_MS = 5_000

/**
 * The store says what is next, so that nothing has to be remembered here and a crash forgets nothing. One message at a
 * time goes to a channel, and the channels do not wait for one another.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { db, now, after } = options
  const attemptDelivery = createAttemptDelivery(options)
  const busy = new Map<string, Promise<void>>()
  const pausedUntil = new Map<string, number>()
  const underWay = new Set<AbortController>()
  let looking: Promise<void> | null = null
  let lookAgain = false
  let closed = false
  let cancelTimer: (() => void) | null = null

  const wakeIn = (ms: number) => {
    cancelTimer?.()
    cancelTimer = after(Math.min(Math.max(ms, 0), LONGEST_WAIT_MS), wake)
  }

  function wake(): void {
    if (closed) return
    lookAgain = true
    looking ??= look().finally(() => {
      looking = null
    })
  }

  async function look(): Promise<void> {
    while (lookAgain && !closed) {
      lookAgain = false
      // What is busy now may be done by the time of the answer, which then is not up to date.
      const busyBefore = new Set(busy.keys())
      let heads: readonly WaitingDelivery[]
      try {
        heads = await nextDeliveries(db)
      } catch (error) {
        options.onTrouble(error)
        wakeIn(TROUBLE_MS)
        return
      }
      if (closed) return
      const time = now()
      let nextAt = Number.POSITIVE_INFINITY
      for (const head of heads) {
        if (busyBefore.has(head.channel)) continue
        const readyAt = Math.max(head.ready_at, pausedUntil.get(head.channel) ?? 0)
        if (readyAt <= time) start(head)
        else nextAt = Math.min(nextAt, readyAt)
      }
      if (nextAt < Number.POSITIVE_INFINITY) wakeIn(nextAt - time)
    }
  }

  function start(head: WaitingDelivery): void {
    const { channel } = head
    const controller = new AbortController()
    underWay.add(controller)
    const cancel = after(options.attemptTimeoutMs, () => controller.abort())
    const attempt = attemptDelivery(head, controller.signal)
      .then(({ pauseMs }) => {
        if (pauseMs > 0) pausedUntil.set(channel, now() + pauseMs)
      })
      .catch((error: unknown) => {
        if (!closed) options.onTrouble(error)
        pausedUntil.set(channel, now() + TROUBLE_MS)
      })
      .finally(() => {
        cancel()
        underWay.delete(controller)
        busy.delete(channel)
        wake()
      })
    busy.set(channel, attempt)
  }

  wake()
  return {
    wake,
    async [Symbol.asyncDispose]() {
      closed = true
      cancelTimer?.()
      for (const controller of underWay) controller.abort(SERVICE_ENDS)
      await looking
      await Promise.all(busy.values())
    },
  }
}
