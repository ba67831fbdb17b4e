/** Ends what waits for too long, but only while somebody waits for the other side. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal
  /** Begins the time anew. */
  start(): void
  /** The other side has answered: from now on it is us who take our time. */
  stop(): void
}

export type After = (ms: number, callback: () => void) => () => void

/** `ended` ends it at once, such as at the service's end. */
export function createDeadline(ms: number, ended: AbortSignal, after: After): Deadline {
  const controller = new AbortController()
  const abort = () => controller.abort()
  let cancel: (() => void) | null = null
  if (ended.aborted) abort()
  else ended.addEventListener('abort', abort, { once: true })
  const stop = () => {
    cancel?.()
    cancel = null
  }
  return {
    signal: controller.signal,
    start() {
      stop()
      cancel = after(ms, abort)
    },
    stop,
    [Symbol.dispose]() {
      stop()
      ended.removeEventListener('abort', abort)
    },
  }
}
