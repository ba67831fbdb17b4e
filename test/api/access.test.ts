import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHarness, type Harness, NOW, PROBLEM, TENANT } from './harness.ts'

let api: Harness
beforeAll(async () => {
  api = await createHarness()
})
afterAll(() => api[Symbol.asyncDispose]())

const ROLES = ['ingest', 'viewer', 'analyst', 'admin', 'metrics'] as const
type Role = (typeof ROLES)[number]
const READERS: Role[] = ['viewer', 'analyst', 'admin']
const FEEDERS: Role[] = ['ingest', 'admin']
const ANALYSTS: Role[] = ['analyst', 'admin']
const SUPPRESSION = {
  scope: { actor_uid: 'u' },
  reason: 'audit',
  ends_at: new Date(NOW + 86_400_000).toISOString(),
}

/** Every route that needs a token, who may use it, and what those get. */
const ROUTES: readonly [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body: object | null,
  allowed: Role[],
  status: number,
][] = [
  ['POST', '/v1/events', { actor_uid: 'u' }, FEEDERS, 200],
  ['GET', '/v1/sources', null, READERS, 200],
  ['GET', '/v1/sources/none', null, READERS, 404],
  ['GET', '/v1/sources/none/unmapped', null, READERS, 404],
  ['GET', '/v1/sources/none/users', null, ['admin'], 404],
  ['PUT', '/v1/sources/none/users', [], ['admin'], 404],
  ['GET', '/v1/sources/none/dead-letters', null, READERS, 404],
  ['POST', '/v1/sources/none/dead-letters/retry', null, ['admin'], 404],
  ['POST', '/v1/sources/none/events', {}, FEEDERS, 404],
  ['GET', `/v1/sources/none/imports/${'a'.repeat(64)}`, null, FEEDERS, 404],
  ['POST', `/v1/sources/none/imports/${'a'.repeat(64)}?first=0&format=json`, {}, FEEDERS, 404],
  ['POST', '/v1/staff', { actor_uid: 'u', status: 'active' }, FEEDERS, 200],
  ['PUT', '/v1/staff/u', { status: 'active' }, FEEDERS, 200],
  ['GET', '/v1/staff/u', null, READERS, 200],
  ['GET', '/v1/alerts', null, READERS, 200],
  ['GET', '/v1/alerts/alert-acme', null, READERS, 200],
  ['GET', '/v1/alerts/alert-acme/events', null, READERS, 200],
  ['GET', '/v1/alerts/alert-acme/history', null, READERS, 200],
  // The caller has passed, the version is missing.
  ['PATCH', '/v1/alerts/alert-acme', { status: 'closed' }, ANALYSTS, 428],
  ['POST', '/v1/alerts/alert-acme/notes', { text: 'asked' }, ANALYSTS, 200],
  ['POST', '/v1/alerts/bulk', { change: { assignee: 'mia' }, filter: { status: ['new'] } }, ANALYSTS, 200],
  ['GET', '/v1/verdicts', null, READERS, 200],
  ['GET', '/v1/suppressions', null, READERS, 200],
  ['POST', '/v1/suppressions', SUPPRESSION, ANALYSTS, 201],
  ['POST', '/v1/suppressions/preview', { scope: SUPPRESSION.scope }, ANALYSTS, 200],
  ['DELETE', '/v1/suppressions/none', null, ANALYSTS, 404],
  ['GET', '/v1/deliveries', null, READERS, 200],
  ['GET', '/v1/actors', null, READERS, 200],
  ['GET', '/v1/actors/nobody', null, READERS, 404],
  ['GET', '/v1/actors/nobody/events', null, READERS, 404],
  ['GET', '/v1/actors/nobody/risk', null, READERS, 404],
  ['GET', '/v1/calibration', null, READERS, 200],
  ['POST', '/v1/actors/nobody/examine', { reason: 'audit' }, ANALYSTS, 404],
  ['GET', '/v1/actors/u-17/examinations', null, READERS, 200],
  // 400 rather than a stream that never ends: the caller has passed, the query has not.
  ['GET', '/v1/stream?unknown=1', null, READERS, 400],
  ['GET', '/v1/tokens', null, ['admin'], 200],
  ['POST', '/v1/tokens', { name: 'n', role: 'viewer' }, ['admin'], 201],
  ['DELETE', '/v1/tokens/none', null, ['admin'], 404],
  ['GET', '/metrics', null, ['admin', 'metrics'], 200],
]
const PUBLIC = ['/healthz', '/readyz', '/openapi.json', '/docs/', '/docs/json']

const send = (method: (typeof ROUTES)[number][0], url: string, body: object | null, authorization?: string) =>
  api.app.inject({
    method,
    url,
    headers: authorization === undefined ? {} : { authorization },
    ...(body === null ? {} : { payload: body }),
  })

test('the table has every route of the application', () => {
  const document: unknown = api.app.swagger()
  const paths: Record<string, object> = Object(Object(document).paths)
  const known = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`),
  )
  const tested = ROUTES.map(
    ([method, url]) =>
      `${method} ${url.split('?')[0].replaceAll(/(alerts|actors|tokens|staff|sources|imports|suppressions)\/(?!bulk|preview)[\w-]+/g, '$1/*')}`,
  )
  expect([...tested, 'GET /healthz', 'GET /readyz'].sort()).toEqual(known.sort())
})

describe.each(ROUTES)('%s %s', (method, url, body, allowed, status) => {
  test.each(ROLES)('%s', async (role) => {
    const answer = await send(method, url, body, `Bearer ${api.secrets[role]}`)
    expect(answer.statusCode).toBe(allowed.includes(role) ? status : 403)
    if (!allowed.includes(role)) expect(answer.headers['content-type']).toBe(PROBLEM)
  })

  test.each(ROLES)('%s of one tenant', async (role) => {
    const answer = await send(method, url, body, `Bearer ${api.secrets[`${role}@${TENANT}`]}`)
    // Metrics speak of all tenants together.
    expect(answer.statusCode).toBe(allowed.includes(role) && url !== '/metrics' ? status : 403)
  })

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Bearer wrong', 'Basic dTpw', 'Bearer a b'])(
    'nobody: %s',
    async (header) => {
      const answer = await send(method, url, body, header)
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([401, PROBLEM])
      expect(answer.headers['www-authenticate']).toContain('Bearer')
    },
  )
})

test.each(PUBLIC)('%s is open', async (url) => {
  expect((await send('GET', url, null)).statusCode).toBe(200)
})

test('a HEAD request is held against the same needs', async () => {
  const head = (role: string) => api.app.inject({ method: 'HEAD', url: '/v1/alerts', headers: api.auth(role) })
  expect([(await head('metrics')).statusCode, (await head('viewer')).statusCode]).toEqual([403, 200])
})

test('a refused token is not repeated', async () => {
  const answer = await send('GET', '/v1/alerts', null, 'Bearer cw_my-secret-words')
  expect(answer.body + JSON.stringify(answer.headers)).not.toContain('my-secret-words')
})

describe('tokens', () => {
  const make = async (body: object, role = 'admin') => send('POST', '/v1/tokens', body, `Bearer ${api.secrets[role]}`)

  test('made, used, listed without its secret, revoked', async () => {
    const made = await make({ name: 'console', role: 'viewer', org_uid: 'default' })
    const { secret, token_uid } = made.json()
    expect(made.json()).toMatchObject({ name: 'console', role: 'viewer', org_uid: 'default', revoked_at: null })
    expect((await send('GET', '/v1/alerts', null, `Bearer ${secret}`)).json().items).toHaveLength(2)
    const list = await send('GET', '/v1/tokens', null, `Bearer ${api.secrets.admin}`)
    expect(list.json().items.map((token: { token_uid: string }) => token.token_uid)).toContain(token_uid)
    expect(list.body).not.toContain(secret)
    const revoke = () => send('DELETE', `/v1/tokens/${token_uid}`, null, `Bearer ${api.secrets.admin}`)
    expect((await revoke()).statusCode).toBe(204)
    expect((await revoke()).statusCode).toBe(404)
    expect((await send('GET', '/v1/alerts', null, `Bearer ${secret}`)).statusCode).toBe(401)
  })

  test('the configured one cannot be revoked: the next start would make it valid again', async () => {
    await using own = await createHarness({}, null)
    await own.configureAdmin('my-own-admin-token-1')
    const uid = own.services.tokens.list().find(({ name }) => name === 'configured admin')?.token_uid
    const answer = await own.app.inject({ method: 'DELETE', url: `/v1/tokens/${uid}`, headers: own.auth('admin') })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([409, PROBLEM])
    expect(answer.json().detail).toContain('admin.token')
    const list = await own.app.inject({ url: '/v1/tokens', headers: { authorization: 'Bearer my-own-admin-token-1' } })
    expect(list.statusCode).toBe(200)
  })

  test('an admin of one tenant stays within it', async () => {
    const admin = `admin@${TENANT}`
    expect((await make({ name: 'x', role: 'admin', org_uid: 'default' }, admin)).statusCode).toBe(403)
    expect((await make({ name: 'x', role: 'admin', org_uid: null }, admin)).json().org_uid).toBe(TENANT)
    expect((await make({ name: 'x', role: 'admin' }, admin)).json().org_uid).toBe(TENANT)
    const list = await send('GET', '/v1/tokens', null, `Bearer ${api.secrets[admin]}`)
    const orgs = list.json().items.map((token: { org_uid: string | null }) => token.org_uid)
    expect(new Set(orgs)).toEqual(new Set([TENANT]))
    const foreign = api.services.tokens.list().find((token) => token.org_uid === null)
    const revoke = await send('DELETE', `/v1/tokens/${foreign?.token_uid}`, null, `Bearer ${api.secrets[admin]}`)
    expect(revoke.statusCode).toBe(404)
  })

  test.each([
    [{}, 'must have: name, role'],
    [{ name: ' ', role: 'viewer' }, 'must be text on one line, and not blank'],
    [{ name: 'a\nb', role: 'viewer' }, 'must be text on one line, and not blank'],
    [
      { name: 'x', role: 'metrics', org_uid: TENANT },
      'cannot be bound to one org: a metrics token reads /metrics, which is of all tenants',
    ],
    [{ name: 'x', role: 'root' }, 'must be one of: ingest, viewer, analyst, admin, metrics'],
    [{ name: 'x', role: 'viewer', scope: 'y' }, 'has a name that is not known; allowed: name, role, org_uid'],
  ])('a bad one is refused: %j', async (body, message) => {
    const answer = await make(body)
    expect([answer.statusCode, answer.json().errors.map((error: { message: string }) => error.message)]).toEqual([
      400,
      [message],
    ])
  })
})

test('what a caller without a tenant names none for is of the configured one, by whatever route', async () => {
  await using acme = await createHarness({}, null, TENANT)
  const headers = acme.auth('admin')
  const put = await acme.app.inject({ method: 'PUT', url: '/v1/staff/u-9', headers, payload: { status: 'notice' } })
  expect(put.statusCode).toBe(200)
  const [own, other] = await Promise.all(
    ['/v1/staff/u-9', '/v1/staff/u-9?org=default'].map((url) => acme.app.inject({ url, headers })),
  )
  expect(own.json().items).toMatchObject([{ org_uid: TENANT, status: 'notice' }])
  expect(other.json().items).toEqual([])
  const made = await acme.app.inject({ method: 'POST', url: '/v1/suppressions', headers, payload: SUPPRESSION })
  expect(made.json()).toMatchObject({ org_uid: TENANT })
})
