import { createHmac } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { cleanTime } from '../../../adapters/clean-time.ts'
import type { ApiClient, Authorization } from '../api-client.ts'
import { oneChunk, type PullConnector, type PulledDocument } from '../connector.ts'
import { PullFailure } from '../pull-failure.ts'

export interface EspocrmPull {
  readonly overlapMs: number
  readonly startMs: number
  readonly api: ApiClient
}

const Cursor = Type.Object({
  /** createdAt of the newest row taken. */
  newest: Type.Integer({ minimum: 0 }),
  /** A round that is under way: from which time on, and the number of its last row. */
  round: Type.Union([Type.Object({ from: Type.Integer(), number: Type.Integer({ minimum: 0 }) }), Type.Null()]),
})

const Page = Type.Object({
  list: Type.Array(Type.Object({ number: Type.Integer({ minimum: 0 }), createdAt: Type.String({ maxLength: 40 }) }), {
    maxItems: 10_000,
  }),
})

/** The most that EspoCRM gives at once. */
const PAGE_ROWS = 200
/** What is fixed once a row is written: a record's name may change, and with it the row would. */
const SELECTED = 'id,number,targetType,targetId,action,userId,createdAt,authTokenId,ipAddress'

/**
 * EspoCRM's ActionHistoryRecord, page by page in the order of its running number, from the overlap on: rows of
 * transactions that took longer appear late, between numbers that are there.
 */
export function createEspocrmConnector({ overlapMs, startMs, api }: EspocrmPull): PullConnector {
  return {
    async *pull({ cursor, now }): AsyncGenerator<PulledDocument> {
      const start: Static<typeof Cursor> = { newest: now - startMs + overlapMs, round: null }
      let { newest, round } = Check(Cursor, cursor) ? cursor : start
      const from = round?.from ?? newest - overlapMs
      let number = round?.number ?? null
      for (;;) {
        const { list, bytes } = await page(from, number)
        if (list.length > 0) {
          const last = Math.max(...list.map((row) => row.number))
          if (number !== null && last <= number)
            throw new PullFailure('unexpected_answer', 'the page holds rows from before those asked for')
          number = last
          const times = list.map(({ createdAt }) => cleanTime(createdAt)).filter((time) => time <= now)
          newest = Math.max(newest, ...times)
        }
        const isLast = list.length < PAGE_ROWS
        round = isLast || number === null ? null : { from, number }
        yield {
          chunks: list.length === 0 ? null : oneChunk(bytes),
          format: 'json',
          cursor: { newest, round } satisfies Static<typeof Cursor>,
        }
        if (isLast) return
      }
    },
  }

  async function page(from: number, number: number | null) {
    const query = new URLSearchParams({ select: SELECTED, orderBy: 'number', order: 'asc', maxSize: String(PAGE_ROWS) })
    const where = (index: number, type: string, attribute: string, value: string) => {
      query.set(`where[${index}][type]`, type)
      query.set(`where[${index}][attribute]`, attribute)
      query.set(`where[${index}][value]`, value)
    }
    where(0, 'greaterThanOrEquals', 'createdAt', new Date(from).toISOString().slice(0, 19).replace('T', ' '))
    if (number !== null) where(1, 'greaterThan', 'number', String(number))
    const { value, bytes } = await api.json(`api/v1/ActionHistoryRecord?${query}`)
    if (!Check(Page, value)) throw new PullFailure('unexpected_answer', 'the page of the history has another form')
    return { list: value.list, bytes }
  }
}

/** EspoCRM's API users: by their key, or by a signature of each request, made with a secret that is never sent. */
export function createEspocrmAuthorization(apiKey: string, secretKey: string | null): Authorization {
  return {
    async headers(method, url): Promise<Record<string, string>> {
      if (secretKey === null) return { 'x-api-key': apiKey }
      const path = url.pathname.replace(/^.*\/api\/v1\//, '')
      const signature = createHmac('sha256', secretKey).update(`${method} /${path}`).digest()
      const credentials = Buffer.concat([Buffer.from(`${apiKey}:`), signature])
      return { 'x-hmac-authorization': credentials.toString('base64') }
    },
    renew: () => false,
  }
}
