import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHarness, type Harness, PROBLEM, TENANT } from './harness.ts'

const LIMIT = 20_000
let api: Harness
beforeAll(async () => {
  api = await createHarness({ ingestBodyBytes: LIMIT, rowsPerRequest: 50 })
})
beforeEach(() => {
  api.lines.length = 0
  api.busy = null
})
afterAll(() => api[Symbol.asyncDispose]())

function post(
  payload: string | Buffer,
  type = 'application/x-ndjson',
  { url = '/v1/events', role = 'ingest', headers = {} as Record<string, string> } = {},
) {
  return api.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { ...api.auth(role), 'content-type': type, ...headers },
  })
}
const event = (n: number) => JSON.stringify({ actor_uid: `u${n}` })
const texts = () => api.lines.map((line) => line.text)

describe('POST /v1/events', () => {
  test.each([
    ['application/x-ndjson', `${event(1)}\n${event(2)}\n`],
    ['application/x-ndjson; charset=utf-8', `\uFEFF${event(1)}\r\n${event(2)}`],
    ['application/json', `[${event(1)},${event(2)}]`],
    ['application/cloudevents-batch+json', `[${event(1)},${event(2)}]`],
  ])('%s', async (type, body) => {
    const answer = await post(body, type)
    expect([answer.statusCode, answer.json()]).toEqual([200, { accepted: 2, duplicates: 0, rejected: [] }])
    expect(texts().map((text) => text.trim())).toEqual([event(1), event(2)])
  })

  test.each(['application/json', 'application/cloudevents+json'])('%s with one object', async (type) => {
    const answer = await post(` ${event(1)} `, type)
    expect(answer.json().accepted).toBe(1)
    expect(texts()).toEqual([` ${event(1)} `])
  })

  test('a refused line is named by its number in the body, blank lines counted', async () => {
    const answer = await post(`${event(1)}\n\n  \nnot json\n${event(2)}\n[]\n`)
    expect(answer.json()).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { line: 4, reason: 'invalid_json' },
        { line: 6, reason: 'invalid_json' },
      ],
    })
    expect((await post('[1, {"actor_uid":"u"}, null]', 'application/json')).json().rejected).toEqual([
      { line: 1, reason: 'invalid_json' },
      { line: 3, reason: 'invalid_json' },
    ])
  })

  test('nothing is nothing', async () => {
    for (const [body, type] of [
      ['', 'application/x-ndjson'],
      ['\n\n', 'application/x-ndjson'],
      ['[]', 'application/json'],
    ]) {
      expect((await post(body, type)).json()).toEqual({ accepted: 0, duplicates: 0, rejected: [] })
    }
    expect(api.lines).toEqual([])
  })

  test('a body of type JSON must be JSON', async () => {
    for (const body of ['[{]', '', '"text"', '17', 'null', `${event(1)}\n${event(2)}`]) {
      const answer = await post(body, 'application/json')
      expect([body, answer.statusCode, answer.json().type]).toEqual([body, 400, 'urn:crmwatch:problem:unreadable-body'])
    }
  })

  test('depth is no way in', async () => {
    const deep = `[${'['.repeat(9_000)}${']'.repeat(9_000)}]`
    expect((await post(deep, 'application/json')).statusCode).toBeLessThan(500)
  })

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', ''])('415 for %s', async (type) => {
    const answer = await post(event(1), type)
    expect(answer.statusCode).toBe(415)
    expect(answer.headers['content-type']).toBe(PROBLEM)
  })

  test('413 beyond the limits of bytes and of events', async () => {
    expect((await post('x'.repeat(LIMIT + 1))).statusCode).toBe(413)
    expect((await post(`${'1\n'.repeat(51)}`)).statusCode).toBe(413)
    expect((await post(`[${'1,'.repeat(50)}1]`, 'application/json')).statusCode).toBe(413)
    expect((await post(`${'1\n'.repeat(50)}`)).statusCode).toBe(200)
    expect(api.lines).toHaveLength(50)
  })

  test('gzip is inflated, up to the limit', async () => {
    const gzip = { headers: { 'content-encoding': 'gzip' } }
    const answer = await post(gzipSync(`${event(1)}\n${event(2)}`), 'application/x-ndjson', gzip)
    expect(answer.json().accepted).toBe(2)
    const bomb = gzipSync(Buffer.alloc(LIMIT * 50, 10))
    expect(bomb.length).toBeLessThan(LIMIT / 10)
    expect((await post(bomb, 'application/x-ndjson', gzip)).statusCode).toBe(413)
    const broken = await post(Buffer.from('not gzip at all'), 'application/x-ndjson', gzip)
    expect([broken.statusCode, broken.headers['content-type']]).toEqual([400, PROBLEM])
    expect(broken.json()).toMatchObject({
      type: 'urn:crmwatch:problem:unreadable-body',
      detail: 'The body is not gzip, as Content-Encoding says, or is damaged.',
    })
    const cut = await post(gzipSync(event(1)).subarray(0, 15), 'application/x-ndjson', gzip)
    expect([cut.statusCode, cut.json().detail]).toEqual([400, 'The body ends in the middle of its gzip.'])
    const brotli = await post('x', 'application/x-ndjson', { headers: { 'content-encoding': 'br' } })
    expect([brotli.statusCode, brotli.headers['accept-encoding']]).toEqual([415, 'gzip'])
  })

  test('broken gzip that nobody reads does not end the process', async () => {
    const gzip = { headers: { 'content-encoding': 'gzip' } }
    const refused = await post('no gzip', 'text/plain', gzip)
    await new Promise((resolve) => setImmediate(resolve))
    expect(refused.statusCode).toBe(415)
    const big = Buffer.concat([gzipSync(Buffer.alloc(LIMIT * 2, 10)), Buffer.from('garbage')])
    expect((await post(big, 'application/x-ndjson', gzip)).statusCode).toBe(413)
  })

  test('a full queue is 429 with Retry-After', async () => {
    api.busy = 7
    const answer = await post(event(1))
    expect([answer.statusCode, answer.headers['retry-after'], answer.json().type]).toEqual([
      429,
      '7',
      'urn:crmwatch:problem:busy',
    ])
  })

  test('a token bound to a tenant feeds that tenant', async () => {
    await post(event(1), 'application/x-ndjson', { role: `ingest@${TENANT}` })
    await post(event(2))
    expect(api.lines.map((line) => line.org)).toEqual([TENANT, null])
  })
})

test('bodies held at once have their number of places', async () => {
  await using small = await createHarness({ ingestInFlight: 2 })
  let open: () => void = () => undefined
  small.gate = new Promise((resolve) => {
    open = resolve
  })
  const send = () =>
    small.app.inject({
      method: 'POST',
      url: '/v1/events',
      payload: event(1),
      headers: { ...small.auth('ingest'), 'content-type': 'application/x-ndjson' },
    })
  const held = [send(), send()].map((answer) => answer.then((done) => done.statusCode))
  const third = await send()
  expect([third.statusCode, third.headers['retry-after']]).toEqual([429, '1'])
  open()
  expect(await Promise.all(held)).toEqual([200, 200])
  expect((await send()).statusCode).toBe(200)
})

describe('POST /v1/staff', () => {
  const staff = (payload: string, type: string, role = 'ingest') => post(payload, type, { url: '/v1/staff', role })

  test('JSON lines, each with its reason', async () => {
    const rows = [
      { actor_uid: 'a1', status: 'active', recorded_at: '2026-03-02T08:00:00Z' },
      { actor_uid: 'a1', status: 'active', recorded_at: '2026-03-02T08:00:00Z' },
      { actor_uid: 'a2', status: 'gone' },
      { actor_uid: 'a3', status: 'left', last_working_day: '31.03.2026' },
    ]
    const answer = await staff(`${rows.map((row) => JSON.stringify(row)).join('\n')}\nnope`, 'application/x-ndjson')
    expect(answer.json()).toEqual({
      accepted: 1,
      duplicates: 1,
      rejected: [
        { line: 3, reason: 'status must be one of active, notice, left, leave' },
        { line: 4, reason: 'last_working_day must be a calendar day, YYYY-MM-DD or an RFC 3339 date-time' },
        { line: 5, reason: 'the line is not JSON' },
      ],
    })
  })

  test('CSV, ours and Purview’s', async () => {
    const own = 'actor_uid,status,role,portfolio_size,recorded_at\nb1,active,"sales, north",12,1772438400000\nb2,,x,,\n'
    expect((await staff(own, 'text/csv')).json()).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [{ line: 3, reason: 'status is missing' }],
    })
    const purview =
      'EmailAddress,ResignationDate,LastWorkingDate\nsarad@contoso.com,2026-03-03T15:18:02.4675041+05:30,2026-04-29\n'
    expect((await staff(purview, 'text/csv; charset=utf-8')).json().accepted).toBe(1)
    const rows = await api.db.query(
      `SELECT actor_uid, email, status, notice_on, last_working_day FROM staff_records WHERE email IS NOT NULL`,
    )
    expect(rows).toEqual([
      {
        actor_uid: 'sarad@contoso.com',
        email: 'sarad@contoso.com',
        status: 'notice',
        notice_on: '2026-03-03',
        last_working_day: '2026-04-29',
      },
    ])
  })

  test('a body that cannot be read, too many rows, a full queue', async () => {
    expect((await staff('surname,status\nx,y', 'text/csv')).json().detail).toContain('Column 1 of the CSV header')
    expect((await staff('[', 'application/json')).statusCode).toBe(400)
    expect((await staff('{}\n'.repeat(51), 'application/x-ndjson')).statusCode).toBe(413)
    expect((await staff('x', 'text/html')).statusCode).toBe(415)
    api.busy = 3
    const answer = await staff('{"actor_uid":"c","status":"active"}', 'application/json')
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '3'])
  })

  test('a token bound to a tenant writes that tenant’s staff only', async () => {
    const body = JSON.stringify([
      { actor_uid: 'd1', status: 'active', org_uid: 'default' },
      { actor_uid: 'd2', status: 'active' },
    ])
    expect((await staff(body, 'application/json', `ingest@${TENANT}`)).json()).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [{ line: 1, reason: 'org_uid is not the one that this token is bound to' }],
    })
    expect(await api.db.query(`SELECT actor_uid, org_uid FROM staff_records WHERE actor_uid LIKE 'd_'`)).toEqual([
      { actor_uid: 'd2', org_uid: TENANT },
    ])
  })
})
