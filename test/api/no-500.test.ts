import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHarness, type Harness, PROBLEM } from './harness.ts'

let api: Harness
beforeAll(async () => {
  api = await createHarness()
})
afterAll(() => api[Symbol.asyncDispose]())

const GETS = [
  '/v1/alerts',
  '/v1/alerts/alert-1/events',
  '/v1/actors/u-17',
  '/v1/staff/u-17',
  '/healthz',
  '/metrics',
  '/v1/tokens',
]
const NAMES = [
  'status',
  'severity',
  'detector',
  'actor',
  'leaver',
  'from',
  'to',
  'org',
  'cursor',
  'limit',
  '__proto__',
  'constructor',
  'x',
]
const VALUES = [
  'new',
  'high',
  'true',
  '1',
  '50',
  '200',
  '-1',
  '1e3',
  '0',
  'NaN',
  '8640000000000001',
  '2026-03-02T09:00:00Z',
  '',
  '\0',
  '\ud800',
  "'; DROP TABLE alerts; --",
]

async function holds(request: InjectOptions) {
  const answer = await api.app.inject(request)
  expect(answer.statusCode).toBeLessThan(500)
  if (answer.statusCode >= 400) {
    expect(answer.headers['content-type']).toBe(PROBLEM)
    expect(answer.json().status).toBe(answer.statusCode)
  }
  return answer
}

test('no query makes a 500', async () => {
  const pair = fc.tuple(
    fc.constantFrom(...NAMES),
    fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 40 })),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...GETS), fc.array(pair, { maxLength: 5 }), async (path, pairs) => {
      const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')
      await holds({ url: `${path}?${query}`, headers: api.auth('admin') })
    }),
    { numRuns: 300 },
  )
})

test('no raw address makes a 500', async () => {
  const ascii = fc.string({ unit: fc.constantFrom(...'abc/?&=%+#[]{}"\\.~:;0129ü '), maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/', '/v1/alerts?', '/v1/alerts/', '/v1/actors/', '/v1/staff/'),
      ascii,
      async (start, rest) => {
        const url = `${start}${rest}`
        // What is no address at all never gets past the HTTP client.
        if (URL.canParse(url, 'http://localhost')) await holds({ url, headers: api.auth('admin') })
      },
    ),
    { numRuns: 300 },
  )
})

const TYPES = [
  'application/json',
  'application/x-ndjson',
  'text/csv',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'text/plain',
  'x',
  'application/json; charset=utf-16',
]
const STAFF_ROW = fc.record(
  {
    actor_uid: fc.oneof(fc.string(), fc.integer()),
    status: fc.constantFrom('active', 'notice', 'gone', null, 7),
    hired_on: fc.oneof(fc.string(), fc.constantFrom('2026-02-30', '2026-02-28', '0000-00-00', '9999-12-31T00:00:00Z')),
    recorded_at: fc.oneof(
      fc.double(),
      fc.maxSafeInteger(),
      fc.constantFrom('2026-03-02T09:00:00Z', '-1', '999999999999999'),
    ),
    portfolio_size: fc.oneof(fc.maxSafeInteger(), fc.double()),
    EmailAddress: fc.string(),
    name: fc.string({ unit: 'binary' }),
  },
  { requiredKeys: [] },
)

test('no body makes a 500', async () => {
  const body = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text.toWellFormed())),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.array(fc.json()).map((texts) => Buffer.from(texts.join('\n'))),
    STAFF_ROW.map((row) => Buffer.from(JSON.stringify(row))),
    fc.array(STAFF_ROW).map((rows) => Buffer.from(JSON.stringify(rows))),
    fc
      .array(fc.array(fc.string({ maxLength: 5 })), { maxLength: 5 })
      .map((rows) => Buffer.from(rows.map((row) => row.join(',')).join('\n'))),
  )
  const target = fc.constantFrom(
    ['POST', '/v1/events'] as const,
    ['POST', '/v1/staff'] as const,
    ['PUT', '/v1/staff/u-17'] as const,
    ['POST', '/v1/tokens'] as const,
  )
  await fc.assert(
    fc.asyncProperty(
      target,
      fc.constantFrom(...TYPES),
      fc.constantFrom('identity', 'gzip', 'x'),
      body,
      async ([method, url], type, encoding, payload) => {
        const headers = {
          ...api.auth('admin'),
          'content-type': type,
          ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
        }
        await holds({ method, url, payload, headers })
      },
    ),
    { numRuns: 500 },
  )
  // What was taken can be read again.
  await holds({ url: '/v1/staff/u-17', headers: api.auth('admin') })
})
