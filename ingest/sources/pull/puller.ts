import type { Source } from '../source.ts'
import type { PullConnector } from './connector.ts'
import type { After } from './deadline.ts'
import { PullFailure, type PullFailureCode } from './pull-failure.ts'
import { type TakePulledParts, takePulled } from './take-pulled.ts'

export interface PullerOptions {
  /** From the end of a pull to the next one. */
  readonly everyMs: number
  /** Wait after the first failure; it doubles with each further one. */
  readonly firstRetryMs: number
  readonly longestRetryMs: number
}

export interface PullerParts extends TakePulledParts {
  readonly logger: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  readonly after: After
  /** From 0 up to 1, so that many sources do not come back at one moment. */
  random(): number
  /** How a pull ended. */
  onPull(outcome: 'ok' | PullFailureCode, records: number): void
}

/** How the pulling of a source is doing. Times are epoch ms. */
export interface PullHealth {
  readonly pulling: boolean
  /** The last pull that came to its end. */
  readonly last_success: number | null
  readonly last_failure: { readonly failure: PullFailureCode; readonly at: number } | null
  /** Pulls that have failed since the last success. */
  readonly failures: number
  readonly next_pull: number | null
}

/** Where the last pull before this start left off, and when. */
export interface StoredCursor {
  readonly cursor: unknown
  readonly at: number
}

export interface Puller extends AsyncDisposable {
  start(): void
  health(): PullHealth
}

/** Pulls a source by and by until it is disposed of; `end` ends the requests that are under way then. */
export function createPuller(
  source: Source,
  connector: PullConnector,
  stored: StoredCursor | null,
  options: PullerOptions,
  end: () => void,
  parts: PullerParts,
): Puller {
  let cursor: unknown = stored?.cursor ?? null
  let failures = 0
  let lastSuccess = stored?.at ?? null
  let lastFailure: PullHealth['last_failure'] = null
  let nextPull: number | null = null
  let isPulling = false
  let isStopped = false
  let cancel: (() => void) | null = null
  let running: Promise<void> = Promise.resolve()

  /** Takes what there is; resolves with the wait until the next pull. */
  const pullOnce = async (): Promise<number> => {
    let records = 0
    try {
      for await (const document of connector.pull({ cursor, now: parts.now() })) {
        records += await takePulled(document, source, parts)
        cursor = document.cursor
        if (isStopped) break
      }
      if (failures > 0) parts.logger.info({ source: source.name }, 'A source can be pulled again')
      failures = 0
      lastSuccess = parts.now()
      parts.onPull('ok', records)
      return options.everyMs
    } catch (error) {
      if (isStopped) return options.everyMs
      const { failure, message, retryAfterMs } = failureOf(error)
      failures++
      lastFailure = { failure, at: parts.now() }
      const waitMs = waitAfter(failures, retryAfterMs)
      const fields = { source: source.name, failure, reason: message, failures, wait_ms: waitMs }
      parts.logger.warn(fields, 'A source could not be pulled; it is tried again')
      parts.onPull(failure, records)
      return waitMs
    }
  }

  /** Half of the wait is left to chance. What the API asks for is kept, and a little chance added. */
  const waitAfter = (count: number, retryAfterMs: number | null): number => {
    const full = Math.min(options.longestRetryMs, options.firstRetryMs * 2 ** Math.min(count - 1, 20))
    const chance = parts.random()
    if (retryAfterMs !== null && retryAfterMs >= full / 2) return Math.round(retryAfterMs * (1 + chance / 10))
    return Math.round(full * (0.5 + chance / 2))
  }

  const schedule = (waitMs: number): void => {
    nextPull = parts.now() + waitMs
    cancel = parts.after(waitMs, () => {
      nextPull = null
      isPulling = true
      running = pullOnce().then((wait) => {
        isPulling = false
        if (!isStopped) schedule(wait)
      })
    })
  }

  return {
    start: () => schedule(0),
    health: () => ({
      pulling: isPulling,
      last_success: lastSuccess,
      last_failure: lastFailure,
      failures,
      next_pull: nextPull,
    }),
    async [Symbol.asyncDispose]() {
      isStopped = true
      cancel?.()
      nextPull = null
      end()
      await running
    },
  }
}

/** Anything else is a fault of ours, or of the pipeline, which then ends the service by itself. */
const failureOf = (error: unknown): PullFailure =>
  error instanceof PullFailure
    ? error
    : new PullFailure('internal_error', `${error instanceof Error ? error.name : 'something'} was thrown`)
