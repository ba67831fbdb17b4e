import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MOST_AT_ONCE } from '../../alerts/triage-desk.ts'
import { upsertAlerts } from '../../store/alerts.ts'
import { sampleAlert, T0 } from '../store/sample-alert.ts'
import { createHarness, type Harness, PROBLEM, TENANT } from './harness.ts'

let api: Harness
beforeEach(async () => {
  api = await createHarness()
})
afterEach(() => api[Symbol.asyncDispose]())

interface Ask {
  readonly role?: string
  readonly etag?: string
}
const patch = (uid: string, payload: object, { role = 'analyst', etag = '"1"' }: Ask = {}) =>
  api.app.inject({
    method: 'PATCH',
    url: `/v1/alerts/${uid}`,
    headers: { ...api.auth(role), ...(etag === '' ? {} : { 'if-match': etag }) },
    payload,
  })
const post = (url: string, payload: object, role = 'analyst') =>
  api.app.inject({ method: 'POST', url, headers: api.auth(role), payload })
const get = (url: string, role = 'viewer') => api.app.inject({ url, headers: api.auth(role) })

describe('PATCH /v1/alerts/{alert_uid}', () => {
  test('changes an alert, raises its version and says who did what', async () => {
    const seen = await get('/v1/alerts/alert-1')
    expect(seen.headers.etag).toBe('"1"')
    const answer = await patch('alert-1', {
      status: 'in_progress',
      assignee: 'mia',
      add_labels: ['vip'],
      note: 'asked',
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers.etag).toBe('"2"')
    expect(answer.json()).toMatchObject({ status: 'in_progress', assignee: 'mia', labels: ['vip'], version: 2 })
    expect((await get('/v1/alerts/alert-1')).json()).toEqual(answer.json())
    const history = (await get('/v1/alerts/alert-1/history')).json()
    expect(history.next_cursor).toBeNull()
    expect(history.items.map((entry: { action: string }) => entry.action)).toEqual([
      'status',
      'assignee',
      'label_added',
      'note',
    ])
    expect(history.items[3]).toMatchObject({ by: { name: 'analyst' }, text: 'asked' })
  })

  test('takes a text that was cut in the middle of a character', async () => {
    const answer = await patch('alert-1', { assignee: 'mia \ud83d', note: '\ude42' })
    expect(answer.json()).toMatchObject({ assignee: 'mia \ufffd', version: 2 })
    const history = (await get('/v1/alerts/alert-1/history')).json()
    expect(history.items.map((entry: { text?: string }) => entry.text)).toContain('\ufffd')
  })

  test('lets the second of two analysts know that the alert is no longer what was seen', async () => {
    const [first, second] = await Promise.all([
      patch('alert-1', { verdict: 'theft' }),
      patch('alert-1', { verdict: 'authorised' }),
    ])
    expect([first.statusCode, second.statusCode].sort()).toEqual([200, 412])
    const lost = first.statusCode === 412 ? first : second
    expect(lost.headers['content-type']).toBe(PROBLEM)
    expect(lost.headers.etag).toBe('"2"')
    expect((await get('/v1/alerts/alert-1/history')).json().items).toHaveLength(1)
  })

  test('tells the stream', async () => {
    const told: string[] = []
    const stop = api.services.stream.subscribe(({ type, alert }) => told.push(`${type} ${alert.status}`))
    await patch('alert-1', { status: 'on_hold' })
    await patch('alert-1', { status: 'on_hold' }, { etag: '"2"' })
    stop()
    expect(told).toEqual(['alert.updated on_hold'])
  })

  test.each<[string, object, Ask, number]>([
    ['without If-Match', { status: 'closed' }, { etag: '' }, 428],
    ['with an If-Match that is none', { status: 'closed' }, { etag: 'latest' }, 400],
    ['of a viewer', { status: 'closed' }, { role: 'viewer' }, 403],
    ['of another tenant', { status: 'closed' }, { role: `analyst@${TENANT}` }, 404],
    ['to a status that there is not', { status: 'done' }, {}, 400],
    ['of a field that there is not', { score: 1 }, {}, 400],
    ['with a blank note', { note: ' \n' }, {}, 400],
    ['with a blank assignee', { assignee: '  ' }, {}, 400],
    ['with an assignee over two lines', { assignee: 'mia\nbert' }, {}, 400],
    ['with an assignee who could not be asked for', { assignee: 'none' }, {}, 400],
    ['with a blank label', { add_labels: [' '] }, {}, 400],
    ['with a note that is too long', { note: 'x'.repeat(4_001) }, {}, 400],
  ])('refuses a change %s', async (_, payload, ask, status) => {
    const answer = await patch('alert-1', payload, ask)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, PROBLEM])
    expect((await get('/v1/alerts/alert-1')).json()).toMatchObject({ status: 'new', version: 1 })
  })

  test('refuses what cannot follow, and says what can', async () => {
    const answer = await patch('alert-2', { status: 'on_hold' })
    expect(answer.statusCode).toBe(409)
    expect(answer.json().errors).toEqual([{ path: '/body/status', message: 'from closed only in_progress can follow' }])
  })
})

test('a note needs no version, and history is read in pages', async () => {
  for (const text of ['one', 'two', 'three']) {
    expect((await post('/v1/alerts/alert-1/notes', { text })).statusCode).toBe(200)
  }
  const first = (await get('/v1/alerts/alert-1/history?limit=2')).json()
  const rest = (await get(`/v1/alerts/alert-1/history?limit=2&cursor=${first.next_cursor}`)).json()
  const texts = [...first.items, ...rest.items].map((entry: { text: string }) => entry.text)
  expect([texts, rest.next_cursor]).toEqual([['one', 'two', 'three'], null])
  expect((await get('/v1/alerts/alert-1/history?cursor=nonsense')).statusCode).toBe(400)
  expect((await get('/v1/alerts/alert-1/history', `viewer@${TENANT}`)).statusCode).toBe(404)
})

describe('POST /v1/alerts/bulk', () => {
  test('changes named alerts, each by itself', async () => {
    const answer = await post('/v1/alerts/bulk', {
      change: { status: 'in_progress' },
      alerts: [
        { alert_uid: 'alert-1', version: 1 },
        { alert_uid: 'alert-acme', version: 7 },
        { alert_uid: 'nowhere', version: 1 },
      ],
    })
    expect(answer.json()).toEqual({
      changed: 1,
      unchanged: 0,
      failed: [
        { alert_uid: 'alert-acme', reason: 'it was changed meanwhile, to version 1' },
        { alert_uid: 'nowhere', reason: 'there is no such alert' },
      ],
    })
  })

  test('changes what a filter holds, within the token’s tenant', async () => {
    const change = { verdict: 'false_positive', status: 'closed' }
    const answer = await post('/v1/alerts/bulk', { change, filter: { status: ['new'] } }, `analyst@${TENANT}`)
    expect(answer.json()).toEqual({ changed: 1, unchanged: 0, failed: [] })
    expect((await get('/v1/alerts?verdict=false_positive')).json().items).toMatchObject([{ alert_uid: 'alert-acme' }])
    expect((await get('/v1/alerts?status=new')).json().items).toMatchObject([{ alert_uid: 'alert-1' }])
  })

  test('takes the times of a filter as numbers', async () => {
    const filter = { from: T0, to: T0 + 2, status: ['new'] }
    const answer = await post('/v1/alerts/bulk', { change: { assignee: 'mia' }, filter })
    expect([answer.statusCode, answer.json().changed]).toEqual([200, 1])
  })

  test('changes nothing when the filter holds too many', async () => {
    const many = Array.from({ length: MOST_AT_ONCE }, (_, n) => sampleAlert({ alert_uid: `more-${n}` }))
    await upsertAlerts(api.db.writer, many)
    const answer = await post('/v1/alerts/bulk', { change: { assignee: 'mia' }, filter: { severity: ['high'] } })
    expect(answer.statusCode).toBe(400)
    expect((await get('/v1/alerts?assignee=mia')).json().items).toEqual([])
  })

  test.each([
    [{ change: {} }],
    [{ change: {}, filter: {} }],
    [{ change: {}, alerts: [] }],
    [{ change: {}, filter: { status: ['new'] }, alerts: [{ alert_uid: 'alert-1', version: 1 }] }],
    [{ change: {}, filter: { from: 'yesterday' } }],
  ])('refuses %j', async (payload) => {
    expect((await post('/v1/alerts/bulk', payload)).statusCode).toBe(400)
  })
})

test('verdicts give the precision of each detector', async () => {
  await upsertAlerts(
    api.db.writer,
    (['theft', 'policy_breach', 'false_positive', 'test', null] as const).map((verdict, n) =>
      sampleAlert({ alert_uid: `v-${n}`, detector: 'mass-view', verdict, org_uid: TENANT }),
    ),
  )
  const answer = (await get('/v1/verdicts', `viewer@${TENANT}`)).json()
  expect(answer.items).toEqual([
    { detector: 'mass-copy', alerts: expect.objectContaining({ none: 1, theft: 0 }), precision: null },
    {
      detector: 'mass-view',
      alerts: { theft: 1, policy_breach: 1, authorised: 0, false_positive: 1, misconfiguration: 0, test: 1, none: 1 },
      precision: 2 / 3,
    },
  ])
  expect((await get(`/v1/verdicts?from=${T0 + 1}`, `viewer@${TENANT}`)).json().items).toHaveLength(1)
})

describe('suppressions', () => {
  const ends_at = new Date(T0 + 40 * 86_400_000).toISOString()
  const wanted = { scope: { actor_uid: 'u-17' }, reason: 'data migration, ticket 12', ends_at }

  test('are previewed, made, listed and revoked, and stay in the record', async () => {
    const preview = await post('/v1/suppressions/preview', { scope: wanted.scope })
    expect(preview.json()).toMatchObject({ alerts: 2, not_opened: 2, fewer_findings: 0 })
    const made = await post('/v1/suppressions', wanted)
    expect(made.statusCode).toBe(201)
    const { suppression_uid } = made.json()
    expect(made.json()).toMatchObject({ ...wanted, created_by: 'analyst', suppressed: 0, revoked_at: null })
    expect((await get('/v1/suppressions?in_force=true')).json().items).toHaveLength(1)
    const url = `/v1/suppressions/${suppression_uid}`
    const revoked = await api.app.inject({ method: 'DELETE', url, headers: api.auth('analyst') })
    expect(revoked.json()).toMatchObject({ revoked_by: 'analyst' })
    expect((await api.app.inject({ method: 'DELETE', url, headers: api.auth('analyst') })).statusCode).toBe(404)
    expect((await get('/v1/suppressions?in_force=true')).json().items).toEqual([])
    expect((await get('/v1/suppressions')).json().items).toMatchObject([{ suppression_uid, revoked_by: 'analyst' }])
    const record = await api.db.query<{ detail: string }>(
      `SELECT detail FROM audit_log WHERE subject = 'suppression' ORDER BY seq`,
    )
    expect(record.map(({ detail }) => JSON.parse(detail).action)).toEqual(['created', 'revoked'])
  })

  test.each<[string, object, number]>([
    ['without a scope', { ...wanted, scope: {} }, 400],
    ['of findings by an object', { ...wanted, scope: { object_uid: 'r-1' } }, 400],
    ['of events by a detector', { ...wanted, effect: 'events', scope: { detector: 'mass-copy' } }, 400],
    ['without an end', { scope: wanted.scope, reason: 'x' }, 400],
    ['without a reason', { ...wanted, reason: '' }, 400],
    ['with a blank reason', { ...wanted, reason: ' \n\t ' }, 400],
    ['of a detector that there is not', { ...wanted, scope: { detector: 'mass-viewx' } }, 400],
    ['of a rule that is not loaded', { ...wanted, scope: { detector: 'custom:nosuch' } }, 400],
    ['that ended already', { ...wanted, ends_at: new Date(T0).toISOString() }, 409],
    ['that ends before it starts', { ...wanted, starts_at: new Date(T0 + 50 * 86_400_000).toISOString() }, 409],
    ['for longer than a year', { ...wanted, ends_at: new Date(T0 + 400 * 86_400_000).toISOString() }, 409],
  ])('are refused %s', async (_, payload, status) => {
    expect((await post('/v1/suppressions', payload)).statusCode).toBe(status)
    expect((await get('/v1/suppressions')).json().items).toEqual([])
  })

  test('take times as numbers and as digits, and give them as RFC 3339', async () => {
    const ends = T0 + 40 * 86_400_000
    for (const [starts_at, ends_at] of [
      [T0, ends],
      [String(T0), String(ends)],
      [new Date(T0).toISOString(), ends],
    ]) {
      const made = await post('/v1/suppressions', { ...wanted, starts_at, ends_at })
      expect(made.statusCode).toBe(201)
      expect(made.json()).toMatchObject({
        starts_at: new Date(T0).toISOString(),
        ends_at: new Date(ends).toISOString(),
      })
    }
  })

  test.each<[unknown, string]>([
    [9e15, 'must be RFC 3339 with its zone, such as 2026-03-02T09:00:00Z, or epoch milliseconds'],
    ['soon', 'must be RFC 3339 with its zone, such as 2026-03-02T09:00:00Z, or epoch milliseconds'],
    [1.5, 'must be a text or a whole number'],
    [true, 'must be a text or a whole number'],
  ])('take %j for no time', async (ends_at, message) => {
    const answer = await post('/v1/suppressions', { ...wanted, ends_at })
    expect([answer.statusCode, answer.json().errors]).toEqual([400, [{ path: '/body/ends_at', message }]])
  })

  test.each(['/v1/suppressions', '/v1/suppressions/preview'])(
    'are told at %s which detectors there are',
    async (url) => {
      const rest = url.endsWith('preview') ? {} : { reason: wanted.reason, ends_at }
      const faultOf = async (detector: string) => (await post(url, { ...rest, scope: { detector } })).json().errors
      const allowed = /allowed: mass-view, .*collusion, or custom: and the name of a rule that is loaded$/
      expect(await faultOf('mass-viewx')).toEqual([
        { path: '/body/scope/detector', message: expect.stringMatching(allowed) },
      ])
      expect(await faultOf('mass-viewx')).toMatchObject([
        { message: expect.stringContaining("there is no such detector; did you mean 'mass-view'?") },
      ])
      expect(await faultOf('custom:quick-export')).toMatchObject([
        { message: expect.stringContaining("did you mean 'custom:quick-exports'?") },
      ])
      expect(await faultOf('something else')).toMatchObject([
        { message: expect.stringMatching(/^there is no such detector; allowed: mass-view, /) },
      ])
      expect(await faultOf('mass-view')).toBeUndefined()
      expect(await faultOf('custom:quick-exports')).toBeUndefined()
    },
  )

  test('leave events out, after a look at how many that would have been', async () => {
    const scope = { object_uid: 'r-1' }
    const preview = await post('/v1/suppressions/preview', { effect: 'events', scope })
    expect(preview.json()).toEqual({
      alerts: 0,
      not_opened: 0,
      fewer_findings: 0,
      examples: [],
      left_out: { events: expect.any(Number), left_out: 0, actors: 0 },
    })
    expect((await post('/v1/suppressions/preview', { scope })).statusCode).toBe(400)
    const made = await post('/v1/suppressions', { ...wanted, effect: 'events', scope })
    expect(made.json()).toMatchObject({ effect: 'events', scope })
    expect((await get('/v1/suppressions')).json().items).toMatchObject([{ effect: 'events', scope }])
  })

  test('are for analysts to make, in their own tenant', async () => {
    expect((await post('/v1/suppressions', wanted, 'viewer')).statusCode).toBe(403)
    expect((await post('/v1/suppressions', { ...wanted, org_uid: 'default' }, `analyst@${TENANT}`)).statusCode).toBe(
      403,
    )
    expect((await post('/v1/suppressions', wanted, `analyst@${TENANT}`)).json()).toMatchObject({ org_uid: TENANT })
    expect((await get('/v1/suppressions?org=default')).json().items).toEqual([])
  })
})
