import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { EVENT_LOG_ACCESS_TYPES } from '../../../adapters/salesforce/event-log-types.ts'
import type { ApiClient } from '../api-client.ts'
import { beginsAs } from '../begins-as.ts'
import type { PullConnector, PulledDocument } from '../connector.ts'
import { PullFailure } from '../pull-failure.ts'
import { type TakenDocuments, withTaken } from '../taken-documents.ts'
import { unlessGone } from '../unless-gone.ts'

export interface SalesforcePull {
  /** One of the two alone: hourly and daily files hold the same rows. */
  readonly interval: 'hourly' | 'daily'
  readonly apiVersion: string
  readonly overlapMs: number
  /** How far back the first pull goes. */
  readonly startMs: number
  readonly api: ApiClient
}

const Cursor = Type.Object({
  /** When the newest file taken was made. */
  newest: Type.Integer({ minimum: 0 }),
  taken: Type.Record(Type.String(), Type.Integer()),
})

const ListedFile = Type.Object({
  Id: Type.String({ pattern: '^[A-Za-z0-9]{15,18}$' }),
  CreatedDate: Type.String({ maxLength: 40 }),
})
const Listing = Type.Object({
  records: Type.Array(ListedFile, { maxItems: 10_000 }),
  done: Type.Boolean(),
  nextRecordsUrl: Type.Optional(Type.Union([Type.String({ maxLength: 1024 }), Type.Null()])),
})

/** The names of columns, the first of which is in quotes or not. */
const HEADER = /^\ufeff?"?[A-Z][A-Z0-9_]+"?\s*[,\n]/
/** Files listed at one pull; the others come at the next. */
const MOST_PAGES = 100

/**
 * EventLogFile: lists the files by when they were made, which is later than what is in them, and fetches each one once. An
 * hour's late rows come as a further file of that hour. Types that describe no access are not fetched.
 */
export function createSalesforceConnector({
  interval,
  apiVersion,
  overlapMs,
  startMs,
  api,
}: SalesforcePull): PullConnector {
  const root = `/services/data/v${apiVersion}`
  const query = (from: number) =>
    [
      'SELECT Id, CreatedDate FROM EventLogFile',
      `WHERE Interval = '${interval === 'hourly' ? 'Hourly' : 'Daily'}'`,
      `AND EventType IN (${EVENT_LOG_ACCESS_TYPES.map((type) => `'${type}'`).join(', ')})`,
      `AND CreatedDate >= ${new Date(from).toISOString()} ORDER BY CreatedDate, Id`,
    ].join(' ')

  async function* listFiles(from: number): AsyncGenerator<{ readonly id: string; readonly madeAt: number }> {
    let next: string | null = `${root}/query?${new URLSearchParams({ q: query(from) })}`
    for (let page = 0; next !== null && page < MOST_PAGES; page++) {
      const { value } = await api.json(next)
      if (!Check(Listing, value)) throw new PullFailure('unexpected_answer', 'the list of files has another form')
      for (const { Id, CreatedDate } of value.records) {
        // `...+0000`, which Date does not read everywhere.
        const madeAt = Date.parse(CreatedDate.replace(/\+0000$/, 'Z'))
        if (Number.isNaN(madeAt)) throw new PullFailure('unexpected_answer', 'CreatedDate of a file holds no time')
        yield { id: Id.slice(0, 15), madeAt }
      }
      next = value.done ? null : (value.nextRecordsUrl ?? null)
    }
  }

  return {
    async *pull({ cursor, now }): AsyncGenerator<PulledDocument> {
      let { newest, taken } = readCursor(cursor, now - startMs + overlapMs)
      const from = newest - overlapMs
      for await (const { id, madeAt } of listFiles(from)) {
        if (Object.hasOwn(taken, id)) continue
        newest = Math.max(newest, Math.min(madeAt, now))
        taken = withTaken(taken, id, madeAt, newest - overlapMs)
        const chunks = unlessGone(beginsAs(HEADER, api.stream(`${root}/sobjects/EventLogFile/${id}/LogFile`)))
        yield { chunks, format: 'csv', cursor: { newest, taken } satisfies Static<typeof Cursor> }
      }
    },
  }
}

const readCursor = (cursor: unknown, start: number): { newest: number; taken: TakenDocuments } =>
  Check(Cursor, cursor) ? cursor : { newest: start, taken: {} }
