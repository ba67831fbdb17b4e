import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { ApiClient } from '../api-client.ts'
import { beginsAs } from '../begins-as.ts'
import type { PullConnector, PulledDocument } from '../connector.ts'
import { PullFailure } from '../pull-failure.ts'
import { documentKey, type TakenDocuments, withTaken } from '../taken-documents.ts'
import { unlessGone } from '../unless-gone.ts'

export interface Office365Pull {
  readonly tenantId: string
  readonly overlapMs: number
  readonly startMs: number
  readonly api: ApiClient
}

const Cursor = Type.Object({
  /** What was available before is taken. */
  until: Type.Integer({ minimum: 0 }),
  taken: Type.Record(Type.String(), Type.Integer()),
})

const Listing = Type.Array(
  Type.Object({
    contentUri: Type.String({ maxLength: 4096 }),
    contentId: Type.String({ minLength: 1, maxLength: 4096 }),
    contentCreated: Type.String({ maxLength: 40 }),
  }),
  { maxItems: 100_000 },
)

const LIST = /^\ufeff?\s*\[/
/** Dataverse writes among all that has no content type of its own. */
const CONTENT_TYPE = 'Audit.General'
/** The API lists at most a day at a time, and nothing from before seven days. */
const WINDOW_MS = 24 * 3_600_000
const OLDEST_MS = 7 * 24 * 3_600_000 - 10 * 60_000
const MOST_PAGES = 1_000

/**
 * Office 365 Management Activity API: starts the subscription, lists what has become available in windows of time, and
 * fetches each blob of records once. Blobs become available in no order, hence the overlap.
 */
export function createOffice365Connector({ tenantId, overlapMs, startMs, api }: Office365Pull): PullConnector {
  const root = `/api/v1.0/${tenantId}/activity/feed`
  const always = { contentType: CONTENT_TYPE, PublisherIdentifier: tenantId }
  let isSubscribed = false

  const subscribe = async (): Promise<void> => {
    // 400 says that it was started before; what else may be wrong with it shows in the listing.
    await api.post(`${root}/subscriptions/start?${new URLSearchParams(always)}`, [400])
    isSubscribed = true
  }

  async function* listBlobs(from: number, to: number) {
    const times = { startTime: withoutMs(from), endTime: withoutMs(to) }
    let next: string | null = `${root}/subscriptions/content?${new URLSearchParams({ ...always, ...times })}`
    for (let page = 0; next !== null; page++) {
      if (page >= MOST_PAGES) throw new PullFailure('unexpected_answer', `a list of more than ${MOST_PAGES} pages`)
      const { value, headers } = await api.json(next)
      if (!Check(Listing, value)) throw new PullFailure('unexpected_answer', 'the list of content has another form')
      yield* value
      const link = headers.nextpageuri
      next = typeof link === 'string' && link !== '' ? link : null
    }
  }

  return {
    async *pull({ cursor, now }): AsyncGenerator<PulledDocument> {
      if (!isSubscribed) await subscribe()
      let { until, taken } = readCursor(cursor, now - startMs)
      const horizon = Math.max(until - overlapMs, now - OLDEST_MS)
      for (let from = horizon; from < now; from += WINDOW_MS) {
        const to = Math.min(from + WINDOW_MS, now)
        for await (const { contentUri, contentId, contentCreated } of listBlobs(from, to)) {
          const key = documentKey(contentId)
          if (Object.hasOwn(taken, key)) continue
          const madeAt = Date.parse(contentCreated)
          taken = withTaken(taken, key, Number.isNaN(madeAt) ? now : madeAt, horizon)
          const chunks = unlessGone(beginsAs(LIST, api.stream(contentUri)))
          yield { chunks, format: 'json', cursor: { until, taken } satisfies Static<typeof Cursor> }
        }
        until = Math.max(until, to)
        yield { chunks: null, format: 'json', cursor: { until, taken } satisfies Static<typeof Cursor> }
      }
    },
  }
}

const withoutMs = (time: number): string => new Date(time).toISOString().slice(0, 19)

const readCursor = (cursor: unknown, start: number): { until: number; taken: TakenDocuments } =>
  Check(Cursor, cursor) ? cursor : { until: start, taken: {} }
