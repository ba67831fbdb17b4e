import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { cleanTime } from '../../../adapters/clean-time.ts'
import type { ApiClient } from '../api-client.ts'
import { oneChunk, type PullConnector, type PulledDocument } from '../connector.ts'
import { PullFailure } from '../pull-failure.ts'

export type HubspotFeed = 'audit-logs' | 'login' | 'security'

export interface HubspotPull {
  /** Those whose acts do not overlap: the audit log alone, or the others. */
  readonly feeds: readonly HubspotFeed[]
  readonly overlapMs: number
  readonly startMs: number
  readonly api: ApiClient
}

const Round = Type.Object({
  from: Type.Integer({ minimum: 0 }),
  until: Type.Integer({ minimum: 0 }),
  /** The page to go on with. */
  after: Type.Union([Type.String({ minLength: 1, maxLength: 4096 }), Type.Null()]),
})
type Round = Static<typeof Round>
const Feed = Type.Object({
  /** What happened before is taken. */
  until: Type.Integer({ minimum: 0 }),
  /** A round of pages that is under way. */
  round: Type.Union([Round, Type.Null()]),
})
const Cursor = Type.Record(Type.String(), Feed)

const Page = Type.Object({
  results: Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 10_000 }),
  paging: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Object({
        next: Type.Optional(
          Type.Union([Type.Null(), Type.Object({ after: Type.String({ minLength: 1, maxLength: 4096 }) })]),
        ),
      }),
    ]),
  ),
})
type Page = Static<typeof Page>

const PAGE_ROWS = '100'
/** Pages of a feed that are read at one pull; the next one goes on behind them. */
const MOST_PAGES = 1_000

/**
 * HubSpot's account activity: the audit log, logins and security activity, each page by page over a span of time. Pages of
 * a span are counted off by the API's own mark, which is kept, so that a round goes on where it was broken off.
 */
export function createHubspotConnector({ feeds, overlapMs, startMs, api }: HubspotPull): PullConnector {
  return {
    async *pull({ cursor, now }): AsyncGenerator<PulledDocument> {
      let state: Static<typeof Cursor> = Check(Cursor, cursor) ? cursor : {}
      for (const feed of feeds) {
        const before = state[feed] ?? { until: now - startMs + overlapMs, round: null }
        const round = before.round ?? { from: before.until - overlapMs, until: now, after: null }
        for await (const { bytes, next } of pagesOf(feed, round)) {
          const reached = { until: before.until, round: { ...round, after: next } }
          const done = { until: round.until, round: null }
          state = { ...state, [feed]: next === null ? done : reached }
          yield { chunks: oneChunk(bytes), format: 'json', cursor: state }
        }
      }
    },
  }

  async function* pagesOf(feed: HubspotFeed, round: Round) {
    let { after } = round
    for (let read = 0; read < MOST_PAGES; read++) {
      const { value, bytes } = await page(feed, round, after).catch((error: unknown) => {
        // The mark of a round that was broken off may be good no more: the round begins anew.
        if (!(error instanceof PullFailure && error.failure === 'refused' && after !== null)) throw error
        after = null
        return page(feed, round, null)
      })
      const given = value.paging?.next?.after ?? null
      if (given !== null && given === after)
        throw new PullFailure('unexpected_answer', 'the mark of the next page is that of the page itself')
      const next = feed === 'login' && isBefore(value, round.from) ? null : given
      yield { bytes, next }
      if (next === null) return
      after = next
    }
  }

  async function page(feed: HubspotFeed, round: Round, after: string | null) {
    const query = new URLSearchParams({ limit: PAGE_ROWS, ...spanOf(feed, round) })
    if (after !== null) query.set('after', after)
    const { value, bytes } = await api.json(`/account-info/v3/activity/${feed}?${query}`)
    if (!Check(Page, value)) throw new PullFailure('unexpected_answer', 'the page of activities has another form')
    return { value, bytes }
  }
}

/** Each feed has names of its own for it; logins cannot be asked for by time. */
function spanOf(feed: HubspotFeed, { from, until }: Round): Readonly<Record<string, string>> {
  switch (feed) {
    case 'audit-logs':
      return { occurredAfter: new Date(from).toISOString(), occurredBefore: new Date(until).toISOString() }
    case 'security':
      return { fromTimestamp: String(from), toTimestamp: String(until) }
    case 'login':
      return {}
  }
}

/** Whether the newest first are listed, and the page ends before a time: what follows was taken in former rounds. */
function isBefore({ results }: Page, time: number): boolean {
  if (results.length === 0) return false
  const first = cleanTime(results[0].loginAt)
  const last = cleanTime(results[results.length - 1].loginAt)
  return first >= last && last < time
}
