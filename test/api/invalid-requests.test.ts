import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHarness, type Harness, PROBLEM } from './harness.ts'

let api: Harness
beforeAll(async () => {
  api = await createHarness()
})
afterAll(() => api[Symbol.asyncDispose]())

const ends_at = '2027-01-01T00:00:00Z'
const suppression = { scope: { actor_uid: 'u-17' }, reason: 'audit', ends_at }
const unknown = (path: string, allowed: string) => ({
  path,
  message: `has a name that is not known; allowed: ${allowed}`,
})

test.each<[string, object, string, RegExp]>([
  ['a path with half a character', { url: '/v1/alerts/%E0%A4%A' }, 'invalid-request', /percent sign/],
  ['an empty body', { payload: '' }, 'unreadable-body', /is empty/],
  ['a cut body', { payload: '{"a' }, 'unreadable-body', /is not JSON/],
])('%s is told as such, not referred to errors that there are not', async (_what, request, type, detail) => {
  const headers = { ...api.auth('admin'), 'content-type': 'application/json' }
  const answer = await api.app.inject({ method: 'POST', url: '/v1/tokens', headers, ...request })
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, PROBLEM])
  expect(answer.json()).toMatchObject({ type: `urn:crmwatch:problem:${type}`, detail: expect.stringMatching(detail) })
  expect(answer.json().errors).toBeUndefined()
})

describe('a request that is not valid is told what is wrong and what is allowed', () => {
  test.each<[string, object[]]>([
    ['/v1/actors?sort=risky', [{ path: '/query/sort', message: 'must be: risk' }]],
    ['/v1/actors?leaver=notice', [{ path: '/query/leaver', message: 'must be true or false' }]],
    ['/v1/actors?min_risk=high', [{ path: '/query/min_risk', message: 'must be a number' }]],
    ['/v1/actors?limit=1000', [{ path: '/query/limit', message: 'must be <= 200' }]],
    ['/v1/actors?limit=many', [{ path: '/query/limit', message: 'must be a whole number' }]],
    ['/v1/suppressions?in_force=yes', [{ path: '/query/in_force', message: 'must be true or false' }]],
    ['/v1/suppressions?force=true', [unknown('/query', 'in_force, org, cursor, limit')]],
    ['/v1/alerts?lang=de', [{ path: '/query/lang', message: 'must be one of: en, nl, ru' }]],
  ])('GET %s', async (url, errors) => {
    const answer = await api.app.inject({ url, headers: api.auth('admin') })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, PROBLEM])
    expect(answer.json().errors).toEqual(errors)
  })

  test.each<[string, object, object[]]>([
    [
      '/v1/suppressions',
      { ...suppression, scope: { actor: 'x' } },
      [unknown('/body/scope', 'actor_uid, detector, role, team, object_uid, object_type, query_text')],
    ],
    [
      '/v1/suppressions',
      { ...suppression, days: 3 },
      [unknown('/body', 'effect, scope, reason, starts_at, ends_at, org_uid')],
    ],
    ['/v1/suppressions', { ...suppression, scope: 'u-17' }, [{ path: '/body/scope', message: 'must be an object' }]],
    ['/v1/suppressions', { ...suppression, reason: ' ' }, [{ path: '/body/reason', message: 'must not be blank' }]],
    ['/v1/actors/u-17/examine', { reason: '\t' }, [{ path: '/body/reason', message: 'must not be blank' }]],
    [
      '/v1/alerts/bulk',
      { alerts: [{ uid: 'a' }], change: { state: 'closed' } },
      [
        unknown('/body/change', 'status, verdict, assignee, add_labels, remove_labels, note'),
        { path: '/body/alerts/0', message: 'must have: alert_uid, version' },
        unknown('/body/alerts/0', 'alert_uid, version'),
      ],
    ],
    [
      '/v1/alerts/bulk',
      { filter: { status: ['new'] }, change: { verdict: 'harmless', assignee: 7 } },
      [
        {
          path: '/body/change/verdict',
          message: 'must be one of: theft, policy_breach, authorised, false_positive, misconfiguration, test; or null',
        },
        { path: '/body/change/assignee', message: 'must be a text or null' },
      ],
    ],
  ])('POST %s %j', async (url, payload, errors) => {
    const answer = await api.app.inject({ method: 'POST', url, headers: api.auth('admin'), payload })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, PROBLEM])
    expect(answer.json().errors).toEqual(errors)
  })
})

describe('a name in the query that a route does not know is refused, and nothing is done', () => {
  test.each([
    ['POST', '/v1/actors/u-17/examine?org=acme', { reason: 'seen copying' }],
    ['POST', '/v1/suppressions?org=acme', suppression],
    ['POST', '/v1/suppressions/preview?org=acme', { scope: { actor_uid: 'u-17' } }],
    ['DELETE', '/v1/suppressions/s.1?org=acme', undefined],
    ['POST', '/v1/alerts/bulk?org=acme', { filter: { status: ['new'] }, change: { status: 'closed' } }],
    ['PATCH', '/v1/alerts/alert-1?dry_run=true', { note: 'seen' }],
    ['POST', '/v1/alerts/alert-1/notes?org=acme', { text: 'seen' }],
    ['POST', '/v1/tokens?org=acme', { name: 'x', role: 'viewer' }],
    ['DELETE', '/v1/tokens/none?org=acme', undefined],
    ['PUT', '/v1/staff/u-17?org=acme', { status: 'active' }],
    ['POST', '/v1/staff?org=acme', [{ actor_uid: 'u-17', status: 'active' }]],
    ['POST', '/v1/events?org=acme', { actor_uid: 'u-17' }],
    ['POST', '/v1/sources/crm/dead-letters/retry?limit=5', undefined],
    ['GET', '/v1/tokens?org=acme', undefined],
    ['GET', '/v1/sources?org=acme', undefined],
  ] as const)('%s %s', async (method, url, payload) => {
    const headers = { ...api.auth('admin'), ...(method === 'PATCH' ? { 'if-match': '"1"' } : {}) }
    const answer = await api.app.inject({ method, url, headers, payload })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, PROBLEM])
    expect(answer.json().errors).toEqual([unknown('/query', 'none')])
  })

  test('so nothing was stored or handed in', async () => {
    const count = 'SELECT (SELECT count(*) FROM staff_records) + (SELECT count(*) FROM audit_log) AS n'
    expect(await api.db.query(count)).toEqual([{ n: 0 }])
    expect(api.lines).toEqual([])
  })
})
