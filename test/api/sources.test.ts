import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../../api/app.ts'
import { DEFAULT_API_LIMITS } from '../../api/options.ts'
import { loadSourceUsers, openSources } from '../../commands/sources/open-sources.ts'
import { openSourceActivity } from '../../commands/sources/source-activity.ts'
import { createSourceService } from '../../commands/sources/source-service.ts'
import type { SourceSetting } from '../../config.ts'
import { frameHeader, framePiece, RECORDS_MEDIA_TYPE } from '../../ingest/sources/record-frames.ts'
import { EVENT_LOG_HEADER, eventLogCsv, eventLogRow } from '../support/event-log-csv.ts'
import { NOW, openTestCore, type TestCore } from '../support/test-core.ts'
import { createHarness, type Harness, PROBLEM, TENANT } from './harness.ts'

const SOURCES: Readonly<Record<string, SourceSetting>> = {
  mine: { adapter: 'salesforce-event-log-file', org: TENANT, http: true },
  theirs: { adapter: 'salesforce-event-log-file', org: 'other', http: true },
  anybodys: { adapter: 'hubspot', http: true },
  imported: { adapter: 'suitecrm', org: TENANT },
}
const FILE = 'a'.repeat(64)

let harness: Harness
let core: TestCore
let app: FastifyInstance

beforeEach(async () => {
  harness = await createHarness()
  core = await openTestCore(':memory:')
  const rowOptions = () => ({ defaultOrg: 'default', latestTime: NOW, keepBodies: true })
  const config = { sources: SOURCES }
  const activity = await openSourceActivity(core.db, NOW)
  const sources = createSourceService({
    config,
    sources: openSources(config),
    core,
    activity,
    rowOptions,
    pullHealth: () => null,
    folderFailure: (name) => (name === 'anybodys' ? { failure: 'ENOENT', since: NOW } : null),
    now: () => NOW,
  })
  app = await buildApp(
    { ...harness.services, registry: new Registry(), sources },
    {
      version: '0.0.0-test',
      now: () => NOW,
      language: 'en',
      defaultOrg: 'default',
      instanceId: 'boot2',
      logger: null,
      trustProxy: false,
      limits: { ...DEFAULT_API_LIMITS, rowsPerRequest: 50, ingestBodyBytes: 100_000 },
    },
  )
})

afterEach(async () => {
  await app.close()
  await core[Symbol.asyncDispose]()
  await harness[Symbol.asyncDispose]()
})

const get = (url: string, role: string) => app.inject({ method: 'GET', url, headers: harness.auth(role) })
const post = (url: string, role: string, type: string, payload: string | Buffer) =>
  app.inject({ method: 'POST', url, headers: { ...harness.auth(role), 'content-type': type }, payload })
const csv = eventLogCsv(0, 8)

describe('who may', () => {
  it.each([
    ['GET', '/v1/sources', ['viewer', 'analyst', 'admin']],
    ['GET', '/v1/sources/mine', ['viewer', 'analyst', 'admin']],
    ['GET', '/v1/sources/mine/unmapped', ['viewer', 'analyst', 'admin']],
    ['GET', '/v1/sources/mine/dead-letters', ['viewer', 'analyst', 'admin']],
    ['POST', '/v1/sources/mine/dead-letters/retry', ['admin']],
    ['POST', '/v1/sources/mine/events', ['ingest', 'admin']],
    ['GET', `/v1/sources/mine/imports/${FILE}`, ['ingest', 'admin']],
  ] as const)('%s %s', async (method, url, allowed) => {
    for (const role of ['ingest', 'viewer', 'analyst', 'admin', 'metrics']) {
      const headers = { ...harness.auth(role), ...(url.endsWith('/events') ? { 'content-type': 'text/csv' } : {}) }
      const { statusCode } = await app.inject({
        method,
        url,
        headers,
        ...(url.endsWith('/events') ? { payload: csv } : {}),
      })
      expect([role, statusCode]).toEqual([role, (allowed as readonly string[]).includes(role) ? 200 : 403])
    }
    expect((await app.inject({ method, url })).statusCode).toBe(401)
  })

  it('sees its own tenant alone, and no source whose rows name theirs', async () => {
    const names = async (role: string) =>
      (await get('/v1/sources', role)).json().items.map(({ name }: { name: string }) => name)
    expect(await names('viewer')).toEqual(['mine', 'theirs', 'anybodys', 'imported'])
    expect(await names(`viewer@${TENANT}`)).toEqual(['mine', 'imported'])
    for (const name of ['theirs', 'anybodys']) {
      for (const below of ['', '/unmapped', '/dead-letters'])
        expect((await get(`/v1/sources/${name}${below}`, `viewer@${TENANT}`)).statusCode).toBe(404)
      expect((await post(`/v1/sources/${name}/events`, `ingest@${TENANT}`, 'text/csv', csv)).statusCode).toBe(404)
      expect((await get(`/v1/sources/${name}/imports/${FILE}`, `ingest@${TENANT}`)).statusCode).toBe(404)
    }
    expect((await post('/v1/sources/mine/events', `ingest@${TENANT}`, 'text/csv', csv)).statusCode).toBe(200)
  })

  it('sees a row that was refused: administrators alone', async () => {
    const broken = `${EVENT_LOG_HEADER}\n${eventLogRow(0).replaceAll('2026', '1926')}`
    await post('/v1/sources/mine/events', 'ingest', 'text/csv', broken)
    const bodyFor = async (role: string) => (await get('/v1/sources/mine/dead-letters', role)).json().items[0].body
    expect(await bodyFor('admin')).toBe(broken)
    expect(await bodyFor('viewer')).toBeNull()
    expect(await bodyFor('analyst')).toBeNull()
  })
})

it('shows why the folder of a source cannot be read', async () => {
  const { items } = (await get('/v1/sources', 'admin')).json()
  const failures = items.map((item: { name: string; folder_failure: unknown }) => [item.name, item.folder_failure])
  expect(Object.fromEntries(failures)).toMatchObject({
    anybodys: { failure: 'ENOENT', since: new Date(NOW).toISOString() },
    mine: null,
  })
})

describe('users', () => {
  const put = (payload: string, type = 'text/csv', name = 'mine', role = 'admin') =>
    app.inject({
      method: 'PUT',
      url: `/v1/sources/${name}/users`,
      headers: { ...harness.auth(role), 'content-type': type },
      payload,
    })
  const actors = async () => {
    const rows = await core.db.query<{ actor_uid: string }>('SELECT DISTINCT actor_uid FROM events ORDER BY 1')
    return rows.map(({ actor_uid }) => actor_uid)
  }

  it('that are handed in hold for the rows that come then, also after a restart', async () => {
    await post('/v1/sources/mine/events', 'ingest', 'text/csv', eventLogCsv(0, 1))
    const handed = await put('native_uid,actor_uid\n0055e00000Use00,anna\n0055e00000Use01AAB,bert\n')
    expect([handed.statusCode, handed.json()]).toEqual([200, { users: 2 }])
    await post('/v1/sources/mine/events', 'ingest', 'text/csv', eventLogCsv(8, 9))
    await post('/v1/sources/mine/events', 'ingest', 'text/csv', eventLogCsv(14, 15))
    expect(await actors()).toEqual(['0055e00000Use00AAB', 'anna', 'bert'])
    expect((await get('/v1/sources/mine', 'viewer')).json().mapped_users).toBe(2)
    expect((await get('/v1/sources/mine/users', 'admin')).json().items).toEqual([
      { native_uid: '0055e00000Use00', actor_uid: 'anna' },
      { native_uid: '0055e00000Use01AAB', actor_uid: 'bert' },
    ])
    const again = openSources({ sources: SOURCES })
    await loadSourceUsers(again, core.db)
    expect(again.byName.get('mine')?.users.fromApi?.staffOf('0055e00000Use01')).toBe('bert')
    expect(again.byName.get('theirs')?.users.fromApi).toBeNull()
  })

  it('are replaced as a whole, and gone with an empty list', async () => {
    await put(JSON.stringify([{ native_uid: '0055e00000Use00', actor_uid: 'anna' }]), 'application/json')
    await put(JSON.stringify([{ native_uid: '0055e00000Use01', actor_uid: 'bert' }]), 'application/json')
    await post('/v1/sources/mine/events', 'ingest', 'text/csv', eventLogCsv(0, 2))
    expect(await actors()).toEqual(['0055e00000Use00AAB', 'bert'])
    expect((await put('[]', 'application/json')).json()).toEqual({ users: 0 })
    expect((await get('/v1/sources/mine/users', 'admin')).json().items).toEqual([])
    expect((await get('/v1/sources/mine', 'viewer')).json().mapped_users).toBeNull()
  })

  it.each([
    [
      'native_uid,actor_uid\nsecret-person,\n',
      'text/csv',
      400,
      'line 2: native_uid and actor_uid must have 1 to 256 characters',
    ],
    ['{"a":1}', 'application/json', 400, 'the body must be a JSON list of users'],
    [
      '[{"native_uid":"secret-person"}]',
      'application/json',
      400,
      'user 1: native_uid and actor_uid must have 1 to 256 characters',
    ],
    ['x', 'text/plain', 415, undefined],
  ])('that cannot be used are refused: %s', async (payload, type, status, detail) => {
    const answer = await put(payload, type)
    expect(answer.statusCode).toBe(status)
    if (detail !== undefined) expect(answer.json().detail).toBe(detail)
    expect(answer.body).not.toContain('secret-person')
  })

  it('are for administrators, of sources they may know of', async () => {
    expect((await put('[]', 'application/json', 'mine', 'ingest')).statusCode).toBe(403)
    expect((await get('/v1/sources/mine/users', 'analyst')).statusCode).toBe(403)
    expect((await put('[]', 'application/json', 'none')).statusCode).toBe(404)
    expect((await put('[]', 'application/json', 'theirs', `admin@${TENANT}`)).statusCode).toBe(404)
  })
})

describe('a body', () => {
  it('of too many rows is refused whole', async () => {
    const answer = await post('/v1/sources/mine/events', 'ingest', 'text/csv', eventLogCsv(0, 51))
    expect(answer.statusCode).toBe(413)
    expect(answer.headers['content-type']).toBe(PROBLEM)
    expect(await core.db.query('SELECT 1 FROM event_log')).toEqual([])
    expect((await post('/v1/sources/mine/events', 'ingest', 'text/csv', eventLogCsv(0, 50))).statusCode).toBe(200)
  })

  it('is of a type that the route takes, for a source that takes it', async () => {
    expect((await post('/v1/sources/mine/events', 'ingest', 'text/plain', csv)).statusCode).toBe(415)
    expect((await post('/v1/sources/imported/events', 'ingest', 'text/csv', csv)).statusCode).toBe(403)
    expect((await post('/v1/sources/mine/events', 'ingest', 'text/csv', 'x'.repeat(100_001))).statusCode).toBe(413)
  })

  it.each([
    ['empty', 'text/csv', '', 'The body is empty'],
    ['blank', 'application/x-ndjson', ' \n\n', 'The body is empty'],
    ['of CSV whose lines were joined, as curl --data does', 'text/csv', csv.replaceAll('\n', ''), '--data-binary'],
  ])('that is %s is refused with what is expected', async (_, type, payload, detail) => {
    const answer = await post('/v1/sources/mine/events', 'ingest', type, payload)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toBe(PROBLEM)
    expect(answer.json().detail).toContain(detail)
  })

  it('of a log without rows is taken', async () => {
    for (const [type, payload] of [
      ['text/csv', `${EVENT_LOG_HEADER}\n`],
      ['application/json', '[]'],
    ] as const)
      expect((await post('/v1/sources/mine/events', 'ingest', type, payload)).json()).toEqual({
        accepted: 0,
        duplicates: 0,
        ignored: {},
        rejected: [],
      })
  })

  it('that cannot be read at all is answered with what is wrong', async () => {
    for (const payload of ['hello', '{"a":1', '"a"']) {
      const { rejected } = (await post('/v1/sources/mine/events', 'ingest', 'application/json', payload)).json()
      expect([payload, rejected.length]).toEqual([payload, 1])
    }
  })

  it('that is gzip by its bytes alone is not unpacked, and refused with what is missing', async () => {
    const answer = await post('/v1/sources/mine/events', 'ingest', 'text/csv', gzipSync(csv))
    expect(answer.statusCode).toBe(400)
    expect(answer.json().detail).toContain('Content-Encoding: gzip')
    expect(await core.db.query('SELECT 1 FROM event_log')).toEqual([])
  })

  it('is answered row by row', async () => {
    const answer = await post(
      '/v1/sources/mine/events',
      'ingest',
      'application/json',
      '[1, {"EVENT_TYPE": "ApexTrigger"}, {"a": 1}]',
    )
    expect(answer.json()).toEqual({
      accepted: 0,
      duplicates: 0,
      ignored: { ApexTrigger: 1 },
      rejected: [
        { line: 1, reason: 'a record must be a JSON object' },
        { line: 3, reason: expect.stringContaining('EVENT_TYPE') },
      ],
    })
  })
})

describe('an import', () => {
  const body = (from: number, to: number) =>
    Buffer.concat([
      ...frameHeader({ format: 'csv', delimiter: ',', header: Buffer.from(EVENT_LOG_HEADER) }),
      ...Array.from({ length: to - from }, (_, n) =>
        framePiece({ raw: Buffer.from(eventLogRow(from + n)), fault: null }),
      ).flat(),
    ])
  const url = `/v1/sources/mine/imports/${FILE}`
  const send = (from: number, to: number, query = '') =>
    post(`${url}?first=${from}&format=csv&delimiter=%2C${query}`, 'ingest', RECORDS_MEDIA_TYPE, body(from, to))

  it('goes on where it is stored, and nowhere else', async () => {
    expect((await send(0, 8)).json()).toMatchObject({ accepted: 6, pieces: 8, records: 8 })
    expect((await send(12, 16)).statusCode).toBe(409)
    expect((await send(4, 8)).statusCode).toBe(409)
    // Cut short by a kill and sent again whole: what is stored of it is passed over.
    expect((await send(4, 10)).json()).toMatchObject({ accepted: 2, duplicates: 0, pieces: 10, records: 10 })
    expect((await send(8, 12, '&last=true')).json()).toMatchObject({
      accepted: 1,
      ignored: { LightningInteraction: 1 },
      pieces: 12,
    })
    expect((await get(url, 'ingest')).json()).toMatchObject({
      pieces: 12,
      records: 12,
      done: true,
      adapter: 'salesforce-event-log-file',
    })
    expect((await send(0, 12, '&last=true')).json()).toMatchObject({ accepted: 0, duplicates: 9 })
  })

  it('numbers refused records within the file', async () => {
    await send(0, 8)
    const odd = Buffer.concat([
      ...frameHeader({ format: 'csv', delimiter: ',', header: Buffer.from(EVENT_LOG_HEADER) }),
      ...framePiece({ raw: Buffer.from('"x'), fault: { reason: 'invalid_csv', detail: '' } }),
    ])
    const answer = await post(`${url}?first=8&format=csv`, 'ingest', RECORDS_MEDIA_TYPE, odd)
    expect(answer.json().rejected).toEqual([{ line: 9, reason: 'a quoted cell is not closed' }])
  })

  it('begins anew after a beginning of which nothing could be read', async () => {
    const odd = (n: number) =>
      Buffer.concat([
        ...frameHeader({ format: 'csv', delimiter: ',', header: Buffer.from('a,b') }),
        ...Array.from({ length: n }, () => framePiece({ raw: Buffer.from('1,2'), fault: null })).flat(),
      ])
    const answer = await post(`${url}?first=0&format=csv`, 'ingest', RECORDS_MEDIA_TYPE, odd(3))
    expect(answer.json()).toMatchObject({ accepted: 0, pieces: 0, records: 0 })
    expect(answer.json().rejected).toHaveLength(3)
    expect((await get(url, 'ingest')).json()).toMatchObject({ pieces: 0, records: 0, done: false })
    expect((await send(0, 8, '&last=true')).json()).toMatchObject({ accepted: 6, pieces: 8, records: 8 })
    expect((await get(url, 'ingest')).json()).toMatchObject({ pieces: 8, done: true })
  })

  it('goes on behind rows that cannot be read, once some could', async () => {
    const unreadable = [...Array(8)].flatMap(() => framePiece({ raw: Buffer.from('1'), fault: null }))
    const mixed = Buffer.concat([body(0, 4), ...unreadable])
    const answer = await post(`${url}?first=0&format=csv`, 'ingest', RECORDS_MEDIA_TYPE, mixed)
    expect(answer.json()).toMatchObject({ accepted: 3, pieces: 12 })
    expect((await get(url, 'ingest')).json()).toMatchObject({ pieces: 12 })
  })

  it('refuses what import does not send', async () => {
    expect((await post(`${url}?first=0&format=csv`, 'ingest', RECORDS_MEDIA_TYPE, 'a,b\n')).statusCode).toBe(400)
    expect((await post(`${url}?first=0&format=csv`, 'ingest', 'text/csv', 'a,b\n')).statusCode).toBe(415)
    expect((await post(`${url}?first=-1&format=xml`, 'ingest', RECORDS_MEDIA_TYPE, body(0, 1))).statusCode).toBe(400)
    expect((await get('/v1/sources/mine/imports/..%2f..', 'ingest')).statusCode).toBe(400)
  })
})
