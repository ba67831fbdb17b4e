import { RECORDS_MEDIA_TYPE } from '../../ingest/sources/record-frames.ts'
import { baseOf } from '../base-url.ts'

export interface ImportClientParts {
  readonly url: string
  readonly token: string
  readonly sleep: (ms: number) => Promise<void>
}

/** As GET /v1/sources/{name}/imports/{file_uid} answers. */
export interface RemoteImport {
  readonly pieces: number
  readonly records: number
  readonly done: boolean
  readonly adapter: string
  readonly format: 'auto' | 'csv' | 'json'
  readonly encoding: string
  readonly delimiter: 'auto' | ',' | ';' | '|' | 'tab'
  readonly body_limit_bytes: number
}

/** As POST to the same address answers. */
export interface RemoteAnswer {
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: Readonly<Record<string, number>>
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
  readonly pieces: number
  readonly records: number
}

export interface RemotePart {
  readonly first: number
  readonly last: boolean
  readonly format: 'csv' | 'json'
  readonly delimiter: string
  readonly body: Buffer
}

export interface ImportClient {
  state(file_uid: string): Promise<RemoteImport>
  /** Resolves after the commit; null when the service has taken these records already, the answer to which was lost. */
  send(file_uid: string, part: RemotePart, pieces: number): Promise<RemoteAnswer | null>
}

const MOST_TRIES = 60
const WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
const SHOWN_CHARACTERS = 500

/** Speaks to a running service about the import into one source. What it cannot do it throws, in the service's words. */
export function createImportClient(source: string, { url, token, sleep }: ImportClientParts): ImportClient {
  const addressOf = (file_uid: string) =>
    new URL(`v1/sources/${encodeURIComponent(source)}/imports/${file_uid}`, baseOf(url))

  let reached = false

  /** Asks again while the service is busy or away, as during its restart; one that never answered is not there. */
  const ask = async (address: URL, init: RequestInit): Promise<Response> => {
    for (let attempt = 1; ; attempt++) {
      const last = attempt === MOST_TRIES
      try {
        const headers = { ...init.headers, authorization: `Bearer ${token}` }
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

  const refuse = async (response: Response): Promise<never> => {
    if (response.status === 404) throw new Error(`${url} has no source '${source}', or this token may not feed it`)
    throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, SHOWN_CHARACTERS)}`)
  }

  const client: ImportClient = {
    async state(file_uid) {
      const response = await ask(addressOf(file_uid), {})
      return response.ok ? ((await response.json()) as RemoteImport) : refuse(response)
    },
    async send(file_uid, { first, last, format, delimiter, body }, pieces) {
      const address = addressOf(file_uid)
      const query = { first: String(first), last: String(last), format, ...(format === 'csv' ? { delimiter } : {}) }
      for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
      const headers = { 'content-type': RECORDS_MEDIA_TYPE }
      const response = await ask(address, { method: 'POST', headers, body: new Uint8Array(body) })
      if (response.ok) return (await response.json()) as RemoteAnswer
      if (response.status === 409 && (await client.state(file_uid)).pieces === first + pieces) return null
      return refuse(response)
    },
  }
  return client
}

/** The service gives seconds. What stands in front of it may give anything else, which is not waited for. */
function waitOf(retryAfter: string | null): number {
  const seconds = Number(retryAfter)
  return seconds > 0 ? Math.min(seconds * 1_000, LONGEST_WAIT_MS) : WAIT_MS
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}
