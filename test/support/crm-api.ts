import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PullSetting } from '../../config.ts'
import { EVENT_LOG_HEADER } from './event-log-csv.ts'

/** One row of the log behind an API. */
interface Row {
  readonly n: number
  /** When it happened, epoch ms. */
  readonly at: number
  /** When its file or blob was made, and which one it is in. */
  readonly madeAt: number
  readonly document: number
}

/** What happens to a request instead of the answer; true when it was dealt with. */
export type Trouble = (response: ServerResponse, request: IncomingMessage, body: string) => void

export const SECRET = 'the-secret-that-nobody-may-see'
const CLIENT = 'client-1'
const TENANT = '7e57d004-2b97-0e7a-b45f-5387367791cd'
const LISTED_AT_ONCE = 2

/** A CRM's API on loopback that behaves as its documentation says, with rows that come by and by. */
export interface CrmApi extends AsyncDisposable {
  readonly setting: PullSetting
  /** Addresses that were asked for, without those of tokens. */
  readonly asked: string[]
  /** Tokens handed out so far. */
  readonly tokens: () => number
  /** Adds rows that happened from `at` on, a second apart, in a file or blob made at `madeAt`. */
  add(count: number, at: number, madeAt?: number): void
  /** Makes every token handed out so far one that has expired. */
  expireTokens(): void
  /** The next requests for data, in their order, meet these instead; null lets one pass. */
  meet(...troubles: (Trouble | null)[]): void
}

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Trouble =>
  (response) => {
    response.writeHead(code, headers)
    response.end(`<p>${SECRET}</p>`)
  }
export const silence: Trouble = () => undefined
/** Says that more comes than may come. */
export const tooLarge: Trouble = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(2 ** 40) })
  response.write('[')
}
export const garbage: Trouble = (response) => response.end('<html>Please log in</html>')
/** Half of the answer, and then the line is cut. */
export const cutOff: Trouble = (response, _request, body) => {
  response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)) })
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy())
}

interface Behaviour {
  readonly setting: (origin: string) => PullSetting
  /** Whether requests carry tokens that were fetched before. */
  readonly hasTokens: boolean
  readonly mayAsk: (request: IncomingMessage, token: string) => boolean
  /** The answer to a request for data; null for what there is not. */
  answer(url: URL, rows: readonly Row[], origin: string): Answer | null
}
interface Answer {
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const json = (value: unknown): string => JSON.stringify(value)
const bearer = (request: IncomingMessage, token: string) => request.headers.authorization === `Bearer ${token}`
const documentsOf = (rows: readonly Row[]) => [...Map.groupBy(rows, ({ document }) => document).values()]

/** Two at a time of a list, and the place where it goes on. */
function pageOf<T>(list: readonly T[], from: number, size: number) {
  const next = from + size < list.length ? from + size : null
  return { items: list.slice(from, from + size), next }
}

const salesforceFile = (document: number) => `0AT5e0000000${String(document).padStart(3, '0')}`

const salesforce: Behaviour = {
  setting: (url) => ({
    adapter: 'salesforce-event-log-file',
    url,
    client_id: CLIENT,
    client_secret: SECRET,
    interval: 'hourly',
  }),
  hasTokens: true,
  mayAsk: bearer,
  answer({ pathname, searchParams }, rows) {
    const file = /^\/services\/data\/v62\.0\/sobjects\/EventLogFile\/(\w{15})\/LogFile$/.exec(pathname)?.[1]
    if (file !== undefined) {
      const found = rows.filter(({ document }) => salesforceFile(document) === file)
      const lines = found.map(({ n, at }) => {
        const time = new Date(at).toISOString()
        const contact = `0035e00000C${String(n).padStart(4, '0')}`
        const cells = ['LightningPageView', time.replaceAll(/[-:TZ]/g, ''), 'r', '00D5e000000Tst1', '0055e00000User1']
        const page = [contact, 'Contact', 'one:recordHome', `/lightning/r/Contact/${contact}/view`, '']
        return [...cells, ...page, time, '0055e00000User1', '203.0.113.7'].map((cell) => `"${cell}"`).join(',')
      })
      return { body: [EVENT_LOG_HEADER, ...lines, ''].join('\n'), headers: { 'content-type': 'text/csv' } }
    }
    const more = /^\/services\/data\/v62\.0\/query\/01g-(\d+)-(\d+)$/.exec(pathname)
    const query = searchParams.get('q') ?? ''
    if (more === null && !/Interval = 'Hourly'.*ORDER BY CreatedDate, Id/.test(query)) return null
    const since = more === null ? Date.parse(/CreatedDate >= (\S+)/.exec(query)?.[1] ?? '') : Number(more[1])
    const files = documentsOf(rows)
      .map(([{ document, madeAt }]) => ({ document, madeAt }))
      .filter(({ madeAt }) => madeAt >= since)
      .sort((a, b) => a.madeAt - b.madeAt || a.document - b.document)
    const { items, next } = pageOf(files, Number(more?.[2] ?? 0), LISTED_AT_ONCE)
    const records = items.map(({ document, madeAt }) => ({
      attributes: { type: 'EventLogFile' },
      Id: `${salesforceFile(document)}AAA`,
      CreatedDate: new Date(madeAt).toISOString().replace('Z', '+0000'),
    }))
    const nextRecordsUrl = next === null ? {} : { nextRecordsUrl: `/services/data/v62.0/query/01g-${since}-${next}` }
    return { body: json({ totalSize: files.length, done: next === null, ...nextRecordsUrl, records }) }
  },
}

const office365: Behaviour = {
  setting: (url) => ({
    adapter: 'dataverse',
    tenant_id: TENANT,
    client_id: CLIENT,
    client_secret: SECRET,
    url,
    login_url: url,
  }),
  hasTokens: true,
  mayAsk: bearer,
  answer({ pathname, searchParams }, rows, origin) {
    const root = `/api/v1.0/${TENANT}/activity/feed`
    const blob = pathname.startsWith(`${root}/audit/`) ? Number(pathname.slice(root.length + 7)) : null
    if (blob !== null) {
      const records = rows
        .filter(({ document }) => document === blob)
        .map(({ n, at }) => ({
          CreationTime: new Date(at).toISOString().slice(0, 19),
          Id: `11111111-1111-4111-8111-${String(n).padStart(12, '0')}`,
          Operation: 'CrmDefaultActivity',
          RecordType: 21,
          Workload: 'CRM',
          UserId: 'mia@north-salon.example',
          Message: 'Retrieve',
          EntityName: 'contact',
          EntityId: `22222222-2222-4222-8222-${String(n).padStart(12, '0')}`,
        }))
      return { body: json(records) }
    }
    if (pathname !== `${root}/subscriptions/content`) return null
    const [from, to] = ['startTime', 'endTime'].map((name) => Date.parse(`${searchParams.get(name)}Z`))
    if (!(to - from <= 24 * 3_600_000)) return null
    const blobs = documentsOf(rows)
      .map(([{ document, madeAt }]) => ({ document, madeAt }))
      .filter(({ madeAt }) => madeAt >= from && madeAt < to)
    const { items, next } = pageOf(blobs, Number(searchParams.get('nextPage') ?? 0), LISTED_AT_ONCE)
    const list = items.map(({ document, madeAt }) => ({
      contentUri: `${origin}${root}/audit/${document}`,
      contentId: `2026$${document}$audit_general`,
      contentType: 'Audit.General',
      contentCreated: new Date(madeAt).toISOString(),
    }))
    if (next === null) return { body: json(list) }
    const link = new URL(`${root}/subscriptions/content?${searchParams}`, origin)
    link.searchParams.set('nextPage', String(next))
    return { body: json(list), headers: { NextPageUri: link.href } }
  },
}

const hubspot: Behaviour = {
  setting: (url) => ({ adapter: 'hubspot', token: SECRET, feeds: ['audit-logs'], url }),
  hasTokens: false,
  mayAsk: (request) => request.headers.authorization === `Bearer ${SECRET}`,
  answer({ pathname, searchParams }, rows) {
    if (pathname !== '/account-info/v3/activity/audit-logs') return null
    const [from, to] = ['occurredAfter', 'occurredBefore'].map((name) => Date.parse(searchParams.get(name) ?? ''))
    const found = rows.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at)
    const { items, next } = pageOf(found, Number(searchParams.get('after') ?? 0), Number(searchParams.get('limit')))
    const results = items.map(({ n, at }) => ({
      id: `audit-${n}`,
      category: 'CRM_OBJECT',
      subCategory: 'CONTACT',
      action: 'UPDATE',
      targetObjectId: String(n),
      occurredAt: new Date(at).toISOString(),
      actingUser: { userId: 5, userEmail: 'mia@north-salon.example' },
    }))
    const paging =
      next === null ? {} : { paging: { next: { after: String(next), link: 'https://elsewhere.example/' } } }
    return { body: json({ results, ...paging }) }
  },
}

const espocrm: Behaviour = {
  setting: (origin) => ({ adapter: 'espocrm', url: `${origin}/crm`, api_key: SECRET }),
  hasTokens: false,
  mayAsk: (request) => request.headers['x-api-key'] === SECRET,
  answer({ pathname, searchParams }, rows) {
    if (pathname !== '/crm/api/v1/ActionHistoryRecord') return null
    const since = Date.parse(`${searchParams.get('where[0][value]')?.replace(' ', 'T')}Z`)
    const behind = Number(searchParams.get('where[1][value]') ?? -1)
    const found = rows.filter(({ n, at }) => at >= since && n > behind).sort((a, b) => a.n - b.n)
    const { items } = pageOf(found, 0, Math.min(200, Number(searchParams.get('maxSize'))))
    const list = items.map(({ n, at }) => ({
      id: `history${n}`,
      number: n,
      targetType: 'Contact',
      targetId: `contact${n}`,
      action: 'read',
      userId: 'user1',
      createdAt: new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    }))
    return { body: json({ total: found.length, list }) }
  },
}

export const CRM_APIS = { salesforce, office365, hubspot, espocrm }
export type CrmApiName = keyof typeof CRM_APIS

export async function startCrmApi(name: CrmApiName): Promise<CrmApi> {
  const behaviour = CRM_APIS[name]
  const rows: Row[] = []
  const asked: string[] = []
  let troubles: (Trouble | null)[] = []
  let tokens = 0
  let documents = 0
  const tokenOf = (n: number) => `token-${n}-${SECRET}`

  const server = createServer(async (request, response) => {
    let form = ''
    for await (const chunk of request) form += String(chunk)
    const url = new URL(request.url ?? '/', origin)
    if (behaviour.hasTokens && url.pathname.endsWith('/token')) {
      const given = new URLSearchParams(form)
      const isRight = given.get('client_secret') === SECRET && given.get('grant_type') === 'client_credentials'
      response.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' })
      if (isRight) tokens++
      response.end(
        json(isRight ? { access_token: tokenOf(tokens), token_type: 'Bearer' } : { error: 'invalid_client' }),
      )
      return
    }
    if (url.pathname.endsWith('/subscriptions/start')) {
      response.writeHead(400).end(json({ error: { code: 'AF20024', message: 'The subscription is already enabled.' } }))
      return
    }
    asked.push(url.pathname + url.search)
    const answer = behaviour.answer(url, rows, origin)
    const [trouble = null] = troubles
    troubles = troubles.slice(1)
    if (trouble !== null) trouble(response, request, answer?.body ?? '')
    else if (!behaviour.mayAsk(request, tokenOf(tokens))) status(401)(response, request, '')
    else if (answer === null) status(404)(response, request, '')
    else response.writeHead(200, answer.headers ?? { 'content-type': 'application/json' }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    setting: behaviour.setting(origin),
    asked,
    tokens: () => tokens,
    add(count, at, madeAt = at) {
      documents++
      for (let i = 0; i < count; i++) rows.push({ n: rows.length + 1, at: at + i * 1000, madeAt, document: documents })
    },
    expireTokens: () => tokens++,
    meet: (...next) => {
      troubles = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
