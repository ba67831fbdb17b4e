import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ActorReport, AlertView, EventView, pageSchema, StaffView } from '../../api/schemas.ts'
import { upsertAlerts } from '../../store/alerts.ts'
import { sampleAlert } from '../store/sample-alert.ts'
import { createHarness, type Harness, PROBLEM, TENANT } from './harness.ts'

let api: Harness
beforeAll(async () => {
  api = await createHarness()
})
afterAll(() => api[Symbol.asyncDispose]())

const get = (url: string, role = 'viewer') => api.app.inject({ url, headers: api.auth(role) })
const uids = (answer: { json(): { items: { alert_uid: string }[] } }) =>
  answer.json().items.map((item) => item.alert_uid)

describe('GET /v1/alerts', () => {
  test('shows alerts as the schema says, with times as RFC 3339', async () => {
    const answer = await get('/v1/alerts')
    expect(answer.statusCode).toBe(200)
    expect(Compile(pageSchema(AlertView)).Errors(answer.json())).toEqual([])
    expect(uids(answer)).toEqual(['alert-acme', 'alert-2', 'alert-1'])
    expect(answer.json().items[2]).toMatchObject({
      opened_at: '2026-03-02T09:00:00.000Z',
      detected_at: '2026-03-02T09:01:01.000Z',
      window: { from: '2026-03-02T08:00:00.000Z', to: '2026-03-02T09:00:00.000Z' },
      findings: [{ time: '2026-03-02T09:00:00.000Z', observed: 143, tail_log10: -7.2 }],
    })
  })

  test.each([
    ['status=new&status=closed', ['alert-acme', 'alert-2', 'alert-1']],
    ['status=closed', ['alert-2']],
    ['severity=low', ['alert-2']],
    ['severity=low&severity=high&leaver=true', ['alert-acme', 'alert-1']],
    ['detector=slow-harvest', []],
    ['actor=u-17&org=default', ['alert-2', 'alert-1']],
    ['org=acme', ['alert-acme']],
    ['from=2026-03-02T09:00:00.001Z', ['alert-acme', 'alert-2']],
    ['to=2026-03-02T10:00:00.001%2B01:00', ['alert-1']],
    [`from=${Date.UTC(2026, 2, 2, 9, 0, 0, 1)}&to=${Date.UTC(2026, 2, 2, 9, 0, 0, 2)}`, ['alert-2']],
  ])('%s', async (query, expected) => {
    expect(uids(await get(`/v1/alerts?${query}`))).toEqual(expected)
  })

  test('is paged by cursor', async () => {
    const first = await get('/v1/alerts?limit=2')
    const second = await get(`/v1/alerts?limit=2&cursor=${first.json().next_cursor}`)
    expect([uids(first), uids(second)]).toEqual([['alert-acme', 'alert-2'], ['alert-1']])
    expect(second.json().next_cursor).toBeNull()
  })

  test('shows a change at once, in every language', async () => {
    await using own = await createHarness()
    const summaries = async (lang: string) =>
      (await own.app.inject({ url: `/v1/alerts?lang=${lang}`, headers: own.auth('viewer') }))
        .json()
        .items.map((item: { summary: string; status: string }) => [item.status, item.summary])
    const [english, dutch] = [await summaries('en'), await summaries('nl')]
    expect(english.map(([status]: string[]) => status)).toEqual(['new', 'closed', 'new'])
    await upsertAlerts(own.db.writer, [sampleAlert({ status: 'on_hold' })])
    expect(await summaries('en')).toEqual([...english.slice(0, 2), ['on_hold', english[2][1]]])
    expect(await summaries('nl')).toEqual([...dutch.slice(0, 2), ['on_hold', dutch[2][1]]])
  })

  test.each([
    ['limit=0', '/query/limit'],
    ['limit=201', '/query/limit'],
    ['limit=ten', '/query/limit'],
    ['limit=1&limit=2', '/query/limit'],
    ['status=open', '/query/status/0'],
    ['severity=high&severity=worst', '/query/severity/1'],
    ['leaver=perhaps', '/query/leaver'],
    ['from=yesterday', '/query/from'],
    ['to=2026-03-02', '/query/to'],
    ['cursor=abc', '/query/cursor'],
    ['acter=u-17', '/query'],
  ])('%s is refused, with where and what is allowed', async (query, path) => {
    const answer = await get(`/v1/alerts?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toBe(PROBLEM)
    const problem = answer.json()
    expect(problem).toMatchObject({ type: 'urn:crmwatch:problem:invalid-request', status: 400 })
    expect(problem.errors.map((error: { path: string }) => error.path)).toEqual([path])
    expect(problem.errors[0].message).toMatch(/must|allowed|cursor/)
  })

  test('the allowed values are named', async () => {
    expect((await get('/v1/alerts?status=open')).json().errors[0].message).toBe(
      'must be one of: new, in_progress, on_hold, resolved, closed',
    )
    expect((await get('/v1/alerts?acter=x')).json().errors[0].message).toContain(
      'allowed: status, severity, verdict, detector, actor, assignee, label',
    )
  })
})

test('GET /v1/alerts/{uid}', async () => {
  const answer = await get('/v1/alerts/alert-1')
  expect(Compile(AlertView).Errors(answer.json())).toEqual([])
  expect(answer.json().alert_uid).toBe('alert-1')
  expect((await get('/v1/alerts/none')).statusCode).toBe(404)
})

test('GET /v1/alerts/{uid}/events gives the evidence page by page, oldest first', async () => {
  const first = await get('/v1/alerts/alert-1/events?limit=5')
  expect(Compile(pageSchema(EventView)).Errors(first.json())).toEqual([])
  const second = await get(`/v1/alerts/alert-1/events?limit=5&cursor=${first.json().next_cursor}`)
  const events: { event_uid: string }[] = [...first.json().items, ...second.json().items]
  expect(events.map((event) => event.event_uid)).toEqual(['e-6', 'e-5', 'e-4', 'e-3', 'e-2', 'e-1', 'e-0'])
  expect(first.json().items[0]).toMatchObject({
    time: '2026-03-02T08:59:54.000Z',
    action: 'copy',
    object_uids: ['c-1'],
  })
  expect((await get('/v1/alerts/none/events')).statusCode).toBe(404)
})

test('GET /v1/actors/{uid}', async () => {
  const answer = await get('/v1/actors/u-17')
  expect(Compile(ActorReport).Errors(answer.json())).toEqual([])
  expect(answer.json()).toMatchObject({ first_seen: '2026-03-02T09:00:00.000Z', last_seen: null, leaver: 'notice' })
  expect((await get('/v1/actors/u-17?org=other')).statusCode).toBe(404)
  expect((await get(`/v1/actors/${encodeURIComponent('é/ 日'.repeat(50))}`)).statusCode).toBe(404)
  expect((await get(`/v1/actors/${'x'.repeat(300)}`)).statusCode).toBe(400)
})

test('a token bound to a tenant sees that tenant only', async () => {
  const role = `viewer@${TENANT}`
  expect(uids(await get('/v1/alerts', role))).toEqual(['alert-acme'])
  expect(uids(await get('/v1/alerts?org=acme', role))).toEqual(['alert-acme'])
  expect((await get('/v1/alerts/alert-acme', role)).statusCode).toBe(200)
  expect((await get('/v1/alerts/alert-1', role)).statusCode).toBe(404)
  expect((await get('/v1/alerts/alert-1/events', role)).statusCode).toBe(404)
  for (const url of ['/v1/alerts', '/v1/actors/u-17', '/v1/staff/u-17', '/v1/stream']) {
    expect((await get(`${url}?org=default`, role)).statusCode).toBe(403)
  }
  expect((await get('/v1/actors/u-17', role)).statusCode).toBe(404)
})

test('health and readiness say no more than ok to strangers and to tenants', async () => {
  const full = { status: 'ok', checks: { store: { ok: true, detail: 'writable' } } }
  for (const url of ['/healthz', '/readyz']) {
    expect((await api.app.inject(url)).json()).toEqual({ status: 'ok' })
    expect((await api.app.inject({ url, headers: { authorization: 'Bearer wrong' } })).json()).toEqual({ status: 'ok' })
    expect((await get(url, 'ingest')).json()).toEqual({ status: 'ok' })
    expect((await get(url, `viewer@${TENANT}`)).json()).toEqual({ status: 'ok' })
    expect((await get(url)).json()).toEqual(full)
  }
  api.setHealth({ alive: true, ready: false, checks: {} })
  expect((await api.app.inject('/healthz')).statusCode).toBe(200)
  const notReady = await api.app.inject('/readyz')
  expect([notReady.statusCode, notReady.json()]).toEqual([503, { status: 'not ok' }])
  api.setHealth({ alive: false, ready: false, checks: {} })
  expect((await api.app.inject('/healthz')).statusCode).toBe(503)
})

test('GET /metrics names routes by pattern and nobody by name', async () => {
  await get('/v1/actors/u-17')
  const answer = await get('/metrics', 'metrics')
  expect(answer.headers['content-type']).toContain('text/plain')
  expect(answer.body).toMatch(
    /crmwatch_http_request_seconds_count\{method="GET",route="\/v1\/actors\/:actor_uid",status="200"\} \d/,
  )
  expect(answer.body).not.toContain('u-17')
})

test('the OpenAPI document has every route, with its errors', async () => {
  const document = (await api.app.inject('/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths).sort()).toEqual([
    '/healthz',
    '/metrics',
    '/readyz',
    '/v1/actors',
    '/v1/actors/{actor_uid}',
    '/v1/actors/{actor_uid}/events',
    '/v1/actors/{actor_uid}/examinations',
    '/v1/actors/{actor_uid}/examine',
    '/v1/actors/{actor_uid}/risk',
    '/v1/alerts',
    '/v1/alerts/bulk',
    '/v1/alerts/{alert_uid}',
    '/v1/alerts/{alert_uid}/events',
    '/v1/alerts/{alert_uid}/history',
    '/v1/alerts/{alert_uid}/notes',
    '/v1/calibration',
    '/v1/deliveries',
    '/v1/events',
    '/v1/sources',
    '/v1/sources/{name}',
    '/v1/sources/{name}/dead-letters',
    '/v1/sources/{name}/dead-letters/retry',
    '/v1/sources/{name}/events',
    '/v1/sources/{name}/imports/{file_uid}',
    '/v1/sources/{name}/unmapped',
    '/v1/sources/{name}/users',
    '/v1/staff',
    '/v1/staff/{actor_uid}',
    '/v1/stream',
    '/v1/suppressions',
    '/v1/suppressions/preview',
    '/v1/suppressions/{suppression_uid}',
    '/v1/tokens',
    '/v1/tokens/{token_uid}',
    '/v1/verdicts',
  ])
  const post = document.paths['/v1/events'].post
  expect(Object.keys(post.requestBody.content)).toContain('application/cloudevents-batch+json')
  expect(post.responses['4XX'].content['application/problem+json'].schema.properties.errors).toBeDefined()
  expect((await api.app.inject('/docs/')).statusCode).toBe(200)
})

test('what is not there is a problem, too', async () => {
  for (const [method, url] of [
    ['GET', '/nowhere'],
    ['DELETE', '/v1/alerts'],
    ['GET', '/%'],
    ['GET', '/v1/alerts/%zz'],
  ] as const) {
    const answer = await api.app.inject({ method, url, headers: api.auth('viewer') })
    expect([url, answer.headers['content-type']]).toEqual([url, PROBLEM])
    expect(answer.statusCode).toBe(url.includes('%') ? 400 : 404)
  }
})

test('answers are not cached and carry the security headers', async () => {
  const { headers } = await get('/v1/alerts')
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
})

test('a staff record put is in the history', async () => {
  const put = (body: object, role = 'ingest') =>
    api.app.inject({ method: 'PUT', url: '/v1/staff/u-5', headers: api.auth(role), payload: body })
  const record = { status: 'notice', notice_on: '2026-03-01', last_working_day: '2026-03-31T00:00:00+02:00' }
  expect((await put({ ...record, recorded_at: '2026-03-01T10:00:00Z' })).json()).toEqual({
    accepted: 1,
    duplicates: 0,
    rejected: [],
  })
  expect((await put({ ...record, recorded_at: Date.UTC(2026, 2, 1, 10) })).json().duplicates).toBe(1)
  const history = await get('/v1/staff/u-5')
  expect(Compile(pageSchema(StaffView)).Errors(history.json())).toEqual([])
  expect(history.json().items).toMatchObject([
    { actor_uid: 'u-5', status: 'notice', last_working_day: '2026-03-31', recorded_at: '2026-03-01T10:00:00.000Z' },
  ])
  expect((await put({ ...record, org_uid: 'default' }, `ingest@${TENANT}`)).statusCode).toBe(403)
  expect((await put(record, `ingest@${TENANT}`)).statusCode).toBe(200)
  expect((await get('/v1/staff/u-5?org=acme')).json().items).toHaveLength(1)
  expect((await put({ ...record, actor_uid: 'u-6' })).json().errors[0].path).toBe('/body/actor_uid')
  expect((await put({ status: 'gone' })).json().errors[0].message).toBe(
    'status must be one of active, notice, left, leave',
  )
  expect((await put([])).statusCode).toBe(400)
})

test('the page of the documentation shows itself over plain HTTP on any host, under crmwatch’s name', async () => {
  const page = await api.app.inject('/docs/')
  const parts = [...page.body.matchAll(/(?:src|href)="\.?([^"]+)"/g)].map(([, path]) => path)
  expect(parts.length).toBeGreaterThan(4)
  const answers = [page, ...(await Promise.all(parts.map((path) => api.app.inject(`/docs${path}`))))]
  for (const { statusCode, headers } of answers) {
    expect(statusCode).toBe(200)
    expect(headers['content-security-policy']).toContain("script-src 'self'")
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
    expect(headers['strict-transport-security']).toBeUndefined()
  }
  expect(page.body).toContain('<title>crmwatch API</title>')
})

describe('GET /v1/actors/{actor_uid}/events', () => {
  const url = '/v1/actors/u-17/events'
  const times = (answer: { json(): { items: { time: string }[] } }) => answer.json().items.map(({ time }) => time)

  test('pages through all that somebody did, oldest first', async () => {
    const first = await get(`${url}?limit=5`)
    expect(Compile(pageSchema(EventView)).Errors(first.json())).toEqual([])
    const second = await get(`${url}?limit=5&cursor=${first.json().next_cursor}`)
    const all = [...times(first), ...times(second)]
    expect(all).toHaveLength(7)
    expect(all).toEqual(all.toSorted())
    expect(second.json().next_cursor).toBeNull()
  })

  test('keeps to a stretch of time, its end not included, and to the actions asked for', async () => {
    const [from, to] = ['2026-03-02T08:59:56.000Z', '2026-03-02T08:59:59.000Z']
    expect(times(await get(`${url}?from=${from}&to=${to}`))).toEqual([
      from,
      '2026-03-02T08:59:57.000Z',
      '2026-03-02T08:59:58.000Z',
    ])
    expect(times(await get(`${url}?action=view&action=export`))).toEqual([])
    expect(times(await get(`${url}?action=view&action=copy`))).toHaveLength(7)
  })

  test.each([
    ['?action=steal', 400, '/query/action'],
    ['?from=yesterday', 400, '/query/from'],
    ['?to=1.5', 400, '/query/to'],
    ['?cursor=x', 400, undefined],
    ['?page=2', 400, '/query'],
  ])('refuses %s', async (query, status, path) => {
    const answer = await get(url + query)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toBe(PROBLEM)
    if (path !== undefined) expect(answer.json().errors[0].path).toContain(path)
  })

  test('is 404 for somebody who was never seen, and for another tenant’s', async () => {
    expect((await get('/v1/actors/u-18/events')).statusCode).toBe(404)
    expect((await get(url, `viewer@${TENANT}`)).statusCode).toBe(404)
    expect((await get(`${url}?org=default`, `viewer@${TENANT}`)).statusCode).toBe(403)
  })
})
