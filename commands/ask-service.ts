import { errorCode } from '../model/error-code.ts'
import { baseOf } from './base-url.ts'

export interface ServiceAddress {
  readonly url: string
  readonly token: string
  readonly sleep: (ms: number) => Promise<void>
}

/** Asks a running service for a path below its address. */
export type AskService = (path: string, query: Readonly<Record<string, string>>, init: RequestInit) => Promise<Response>

const MOST_TRIES = 60
const WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
const SHOWN_CHARACTERS = 500

/**
 * Asks again while the service is busy or away, as during its restart; one that never answered is not there. Throws when
 * it does not answer; any answer other than 429 and 503 is given back.
 */
export function createServiceAsker({ url, token, sleep }: ServiceAddress): AskService {
  let reached = false
  return async (path, query, init) => {
    const address = new URL(path, baseOf(url))
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    const headers = { ...init.headers, authorization: `Bearer ${token}` }
    for (let attempt = 1; ; attempt++) {
      const last = attempt === MOST_TRIES
      try {
        const response = await fetch(address, { ...init, headers })
        reached = true
        if (last || (response.status !== 429 && response.status !== 503)) return response
        await response.arrayBuffer()
        await sleep(waitOf(response.headers.get('retry-after')))
      } catch (error) {
        if (last || !reached) throw new Error(`${url} does not answer: ${reasonOf(error)}`)
        await sleep(WAIT_MS)
      }
    }
  }
}

/** Throws what the service said. */
export async function refused(url: string, response: Response): Promise<never> {
  throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, SHOWN_CHARACTERS)}`)
}

/** The service gives seconds. What stands in front of it may give anything else, which is not waited for. */
function waitOf(retryAfter: string | null): number {
  const seconds = Number(retryAfter)
  return seconds > 0 ? Math.min(seconds * 1_000, LONGEST_WAIT_MS) : WAIT_MS
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return errorCode(cause) ?? String(cause)
}
