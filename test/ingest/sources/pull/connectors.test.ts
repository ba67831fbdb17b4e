import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createConnector } from '../../../../commands/sources/create-connector.ts'
import type { PullSetting } from '../../../../config.ts'
import { PULL_LIMITS } from '../../../../ingest/sources/pull/api-client.ts'
import { PullFailure } from '../../../../ingest/sources/pull/pull-failure.ts'
import type { LookUp } from '../../../../net/resolve-host.ts'
import { type Received, type Receiver, startReceiver } from '../../../alerts/delivery/receiver.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW, TEST_CORE } from '../../../support/test-core.ts'

const TENANT = '7e57d004-2b97-0e7a-b45f-5387367791cd'

interface Pulled {
  readonly texts: string[]
  readonly cursors: unknown[]
  readonly failure: string | null
  readonly detail: string
}

/** Everything that one pull gives, read to its end. */
async function pull(setting: PullSetting, cursor: unknown = null, lookUp: LookUp = async () => []): Promise<Pulled> {
  const connector = createConnector(setting, {
    version: '0.0.0',
    lookUp,
    now: () => NOW,
    after: TEST_CORE.after,
    timeoutMs: 5_000,
    ended: new AbortController().signal,
  })
  const texts: string[] = []
  const cursors: unknown[] = []
  try {
    for await (const document of connector.pull({ cursor, now: NOW })) {
      let text = ''
      for await (const chunk of document.chunks ?? []) text += chunk.toString()
      if (document.chunks !== null) texts.push(text)
      cursors.push(document.cursor)
    }
    return { texts, cursors, failure: null, detail: '' }
  } catch (error) {
    if (!(error instanceof PullFailure)) throw error
    return { texts, cursors, failure: error.failure, detail: error.message }
  }
}

/** A server that answers by path; what it does not know is 404, tokens are given to everybody. */
async function serve(answers: (request: Received, origin: string) => unknown): Promise<Receiver> {
  const receiver = await startReceiver()
  receiver.behave((request, response) => {
    const isToken = request.path.endsWith('/token')
    const answer = isToken ? { access_token: 't', expires_in: 3600 } : answers(request, receiver.origin)
    if (answer === undefined) response.writeHead(404).end()
    else if (typeof answer === 'function') answer(response)
    else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  return receiver
}

const dataOf = ({ requests }: Receiver): URL[] =>
  requests.filter(({ path }) => !/token$|\/start\?/.test(path)).map(({ path }) => new URL(path, 'http://x'))
const salesforce = (url: string) =>
  ({ adapter: 'salesforce-event-log-file', url, client_id: 'c', client_secret: 's' }) as const
const office365 = (url: string): PullSetting => ({
  adapter: 'dataverse',
  tenant_id: TENANT,
  client_id: 'c',
  client_secret: 's',
  url,
  login_url: url,
})

describe('no request leaves the configured host', () => {
  it.each([
    [
      'the next page of a list of files',
      (evil: string) => ({ done: false, nextRecordsUrl: `${evil}/next`, records: [] }),
    ],
    ['a path that is an address', (evil: string) => ({ done: false, nextRecordsUrl: evil.slice(5), records: [] })],
    ['another port of it', (evil: string) => ({ done: false, nextRecordsUrl: evil, records: [] })],
  ])('for %s', async (_what, listing) => {
    await using elsewhere = await startReceiver()
    await using api = await serve(() => listing(elsewhere.origin))
    expect(await pull(salesforce(api.origin))).toMatchObject({
      failure: 'unexpected_answer',
      detail: 'a link leads to another host than the configured one',
    })
    expect(elsewhere.requests).toEqual([])
  })

  it('for content and further lists of the Management Activity API', async () => {
    await using elsewhere = await startReceiver()
    const content = (uri: string) => [{ contentUri: uri, contentId: 'a', contentCreated: '2026-06-01T10:00:00.000Z' }]
    await using api = await serve(() => content(`${elsewhere.origin}/blob`))
    expect(await pull(office365(api.origin))).toMatchObject({ failure: 'unexpected_answer', texts: [] })
    api.behave((request, response) => {
      if (request.path.endsWith('/token')) return void response.end('{"access_token":"t"}')
      response.setHeader('NextPageUri', `${elsewhere.origin}/page`)
      response.end('[]')
    })
    expect(await pull(office365(api.origin))).toMatchObject({ failure: 'unexpected_answer' })
    expect(elsewhere.requests).toEqual([])
  })

  it('and no name leads into a private network that is not allowed', async () => {
    await using api = await serve(() => ({ list: [] }))
    const port = new URL(api.origin).port
    const setting = { adapter: 'espocrm', url: `http://crm.example:${port}`, api_key: 'k' } as const
    const inside: LookUp = async () => [{ address: '127.0.0.1', family: 4 }]
    expect(await pull(setting, null, inside)).toMatchObject({
      failure: 'address_refused',
      detail: 'its address is private and not in allow_networks',
    })
    expect(await pull({ ...setting, allow_networks: ['127.0.0.0/8'] }, null, inside)).toMatchObject({ failure: null })
  })

  it('nor goes out without TLS', async () => {
    const outside: LookUp = async () => [{ address: '192.0.66.1', family: 4 }]
    const setting = { adapter: 'espocrm', url: 'http://crm.example', api_key: 'k' } as const
    expect(await pull(setting, null, outside)).toMatchObject({
      failure: 'address_refused',
      detail: 'plain HTTP over the internet; use https',
    })
  })
})

describe('salesforce', () => {
  const FILE = { Id: '0AT5e00000AbCdEGAV', CreatedDate: '2026-06-01T10:00:00.000+0000' }

  it('asks for the files of one interval and of types that describe access', async () => {
    await using api = await serve(() => ({ done: true, records: [] }))
    await pull({ ...salesforce(api.origin), interval: 'daily', overlap_minutes: 60, start_days: 2 })
    const [asked] = dataOf(api)
    expect(asked.pathname).toBe('/services/data/v62.0/query')
    const query = asked.searchParams.get('q') ?? ''
    expect(query).toContain(
      "WHERE Interval = 'Daily' AND EventType IN ('API', 'RestApi', 'BulkApi', 'BulkApi2', 'Report'",
    )
    expect(query).toContain(`CreatedDate >= ${new Date(NOW - 2 * DAY_MS).toISOString()} ORDER BY CreatedDate, Id`)
    expect(query).not.toContain('Apex')
  })

  it('passes over a file that is gone when it is fetched', async () => {
    const files = [FILE, { ...FILE, Id: '0AT5e00000AbCdFGAV' }]
    await using api = await serve(({ path }) =>
      path.includes('/query') ? { done: true, records: files } : path.includes('AbCdF') ? '"AB"\n"1"\n' : undefined,
    )
    const { texts, cursors, failure } = await pull(salesforce(api.origin))
    expect(failure).toBeNull()
    expect(texts).toEqual(['', '"AB"\n"1"\n'])
    expect(Object.keys((cursors[1] as { taken: object }).taken)).toEqual(['0AT5e00000AbCdE', '0AT5e00000AbCdF'])
  })

  it('forgets which files it took when they are listed no more', async () => {
    await using api = await serve(({ path }) =>
      path.includes('/query')
        ? { done: true, records: [{ ...FILE, CreatedDate: new Date(NOW).toISOString() }] }
        : 'AB\n',
    )
    const before = { newest: NOW - DAY_MS, taken: { '0AT5e00000Old00': NOW - DAY_MS } }
    const { cursors } = await pull(salesforce(api.origin), before)
    expect(cursors).toEqual([{ newest: NOW, taken: { '0AT5e00000AbCdE': NOW } }])
  })

  it('refuses ids that could lead elsewhere', async () => {
    await using api = await serve(() => ({ done: true, records: [{ ...FILE, Id: '../../../secrets' }] }))
    expect(await pull(salesforce(api.origin))).toMatchObject({ failure: 'unexpected_answer' })
  })
})

describe('the Management Activity API', () => {
  it('is asked in windows of a day, within its seven days', async () => {
    await using api = await serve(() => [])
    const { cursors } = await pull({ ...office365(api.origin), start_days: 30 })
    const spans = dataOf(api).map(({ searchParams }) =>
      ['startTime', 'endTime'].map((name) => Date.parse(`${searchParams.get(name)}Z`)),
    )
    expect(spans).toHaveLength(7)
    expect(spans[0][0]).toBeGreaterThan(NOW - 7 * DAY_MS)
    expect(spans.every(([from, to]) => to - from <= DAY_MS)).toBe(true)
    expect(spans.slice(1).map(([from]) => from)).toEqual(spans.slice(0, -1).map(([, to]) => to))
    expect(spans[6][1]).toBe(NOW)
    expect(cursors[cursors.length - 1]).toEqual({ until: NOW, taken: {} })
  })

  it('is told once that content is wanted', async () => {
    await using api = await serve(() => [])
    await pull(office365(api.origin))
    const started = api.requests.filter(({ path }) => path.includes('subscriptions/start'))
    expect(started.map(({ path }) => path)).toEqual([
      `/api/v1.0/${TENANT}/activity/feed/subscriptions/start?contentType=Audit.General&PublisherIdentifier=${TENANT}`,
    ])
    const [token] = api.requests
    expect(token.path).toBe(`/${TENANT}/oauth2/v2.0/token`)
    expect(Object.fromEntries(new URLSearchParams(token.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'c',
      client_secret: 's',
      scope: `${api.origin}/.default`,
    })
  })
})

describe('hubspot', () => {
  const hubspot = (url: string, feed: 'login' | 'security'): PullSetting => ({
    adapter: 'hubspot',
    token: 'pat',
    feeds: [feed],
    url,
    overlap_minutes: 30,
  })
  const login = (minutesAgo: number) => ({
    id: String(minutesAgo),
    userId: 1,
    loginSucceeded: true,
    loginAt: new Date(NOW - minutesAgo * MINUTE_MS).toISOString(),
  })
  const cursor = { login: { until: NOW - HOUR_MS, round: null } }

  it.each([
    [
      'newest first, up to those taken before',
      [
        [10, 20],
        [80, 100],
        [200, 300],
      ],
      2,
    ],
    [
      'oldest first, to the end',
      [
        [300, 200],
        [100, 80],
        [20, 10],
      ],
      3,
    ],
  ])('reads logins, which cannot be asked for by time, %s', async (_what, pages, read) => {
    await using api = await serve(({ path }) => {
      const page = Number(new URL(path, 'http://x').searchParams.get('after') ?? 0)
      const next = page + 1 < pages.length ? { paging: { next: { after: String(page + 1) } } } : {}
      return { results: pages[page].map(login), ...next }
    })
    const { texts, cursors } = await pull(hubspot(api.origin, 'login'), cursor)
    expect(texts).toHaveLength(read)
    expect(cursors[read - 1]).toEqual({ login: { until: NOW, round: null } })
  })

  it('asks for security activity by its own names for times', async () => {
    await using api = await serve(() => ({ results: [] }))
    await pull(hubspot(api.origin, 'security'), { security: { until: NOW - HOUR_MS, round: null } })
    const [{ pathname, searchParams }] = dataOf(api)
    expect(pathname).toBe('/account-info/v3/activity/security')
    expect(Object.fromEntries(searchParams)).toEqual({
      limit: '100',
      fromTimestamp: String(NOW - 90 * MINUTE_MS),
      toTimestamp: String(NOW),
    })
  })

  it('begins a round anew when the mark of its next page is good no more', async () => {
    await using api = await serve(({ path }) =>
      path.includes('after=')
        ? (response: { writeHead(n: number): { end(): void } }) => response.writeHead(400).end()
        : { results: [] },
    )
    const round = { from: NOW - HOUR_MS, until: NOW - MINUTE_MS, after: 'old' }
    const { failure, cursors } = await pull(hubspot(api.origin, 'security'), { security: { until: 0, round } })
    expect(failure).toBeNull()
    expect(cursors).toEqual([{ security: { until: NOW - MINUTE_MS, round: null } }])
  })

  it('reads a thousand pages at one pull, and goes on behind them at the next', async () => {
    await using api = await serve(({ path }) => {
      const page = Number(new URL(path, 'http://x').searchParams.get('after') ?? 0)
      return { results: [], ...(page < 1_200 ? { paging: { next: { after: String(page + 1) } } } : {}) }
    })
    const setting = hubspot(api.origin, 'security')
    const { texts, cursors, failure } = await pull(setting)
    expect([texts.length, failure]).toEqual([1_000, null])
    expect(cursors.at(-1)).toMatchObject({ security: { round: { after: '1000', until: NOW } } })
    const next = await pull(setting, cursors.at(-1))
    expect(next.texts).toHaveLength(201)
    expect(next.cursors.at(-1)).toEqual({ security: { until: NOW, round: null } })
  })

  it('gives up a page that names itself as the next', async () => {
    await using api = await serve(() => ({ results: [login(1)], paging: { next: { after: 'same' } } }))
    expect(await pull(hubspot(api.origin, 'security'))).toMatchObject({
      failure: 'unexpected_answer',
      detail: 'the mark of the next page is that of the page itself',
    })
  })
})

describe('espocrm', () => {
  it('signs its requests where there is a secret, which stays here', async () => {
    await using api = await serve(() => ({ list: [] }))
    await pull({ adapter: 'espocrm', url: `${api.origin}/sub/crm`, api_key: 'key', secret_key: 'never-sent' })
    const [{ path, headers }] = api.requests
    expect(path).toMatch(/^\/sub\/crm\/api\/v1\/ActionHistoryRecord\?select=id%2Cnumber/)
    expect(headers['x-api-key']).toBeUndefined()
    const given = Buffer.from(String(headers['x-hmac-authorization']), 'base64')
    expect(given.subarray(0, 4).toString()).toBe('key:')
    const wanted = createHmac('sha256', 'never-sent').update('GET /ActionHistoryRecord').digest()
    expect(given.subarray(4)).toEqual(wanted)
  })

  it('gives up a page with rows from before those asked for', async () => {
    const list = Array.from({ length: 200 }, (_, n) => ({ number: n, createdAt: '2026-06-01 10:00:00' }))
    await using api = await serve(() => ({ list }))
    expect(await pull({ adapter: 'espocrm', url: api.origin, api_key: 'k' })).toMatchObject({
      failure: 'unexpected_answer',
    })
  })

  it('ends an answer that never ends', async () => {
    const chunk = Buffer.alloc(4 * 1024 * 1024, ' ')
    await using api = await serve(
      () =>
        (response: {
          write(chunk: Buffer): boolean
          once(event: string, then: () => void): void
          destroyed: boolean
        }) => {
          const more = () => {
            while (!response.destroyed) if (!response.write(chunk)) return response.once('drain', more)
          }
          more()
        },
    )
    expect(await pull({ adapter: 'espocrm', url: api.origin, api_key: 'k' })).toMatchObject({
      failure: 'too_large',
      detail: `the answer has more than ${PULL_LIMITS.answerBytes} bytes`,
    })
  })
})
