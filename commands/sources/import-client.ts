import { RECORDS_MEDIA_TYPE } from '../../ingest/sources/record-frames.ts'
import { createServiceAsker, refused, type ServiceAddress } from '../ask-service.ts'

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

/** Speaks to a running service about the import into one source. What it cannot do it throws, in the service's words. */
export function createImportClient(source: string, service: ServiceAddress): ImportClient {
  const ask = createServiceAsker(service)
  const pathOf = (file_uid: string) => `v1/sources/${encodeURIComponent(source)}/imports/${file_uid}`

  const refuse = (response: Response): Promise<never> => {
    if (response.status !== 404) return refused(service.url, response)
    throw new Error(`${service.url} has no source '${source}', or this token may not feed it`)
  }

  const client: ImportClient = {
    async state(file_uid) {
      const response = await ask(pathOf(file_uid), {}, {})
      return response.ok ? ((await response.json()) as RemoteImport) : refuse(response)
    },
    async send(file_uid, { first, last, format, delimiter, body }, pieces) {
      const query = { first: String(first), last: String(last), format, ...(format === 'csv' ? { delimiter } : {}) }
      const headers = { 'content-type': RECORDS_MEDIA_TYPE }
      const response = await ask(pathOf(file_uid), query, { method: 'POST', headers, body: new Uint8Array(body) })
      if (response.ok) return (await response.json()) as RemoteAnswer
      if (response.status === 409 && (await client.state(file_uid)).pieces === first + pieces) return null
      return refuse(response)
    },
  }
  return client
}
