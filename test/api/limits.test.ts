import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { createHarness, type Harness, PROBLEM, TENANT } from './harness.ts'

/** Over a real socket. */
async function listening(api: Harness): Promise<string> {
  return api.app.listen({ host: '127.0.0.1', port: 0 })
}

test('requests of one address are limited, unknown addresses of the API too, but not those that ask whether it lives', async () => {
  await using api = await createHarness({ requestsPerMinute: 3 })
  const statuses: number[] = []
  for (const url of [
    '/healthz',
    '/v1/alerts',
    '/nowhere',
    '/openapi.json',
    '/v1/alerts',
    '/nowhere',
    '/healthz',
    '/readyz',
  ]) {
    const answer = await api.app.inject({ url, headers: api.auth('viewer') })
    statuses.push(answer.statusCode)
    if (answer.statusCode === 429) {
      expect(answer.headers['content-type']).toBe(PROBLEM)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
  }
  expect(statuses).toEqual([200, 200, 404, 200, 429, 429, 200, 200])
})

test('failed authentications are limited tighter, and lock nobody else out', async () => {
  await using api = await createHarness({ failedAuthPerMinute: 2 })
  const statuses: number[] = []
  for (const n of [1, 2, 3, 4]) {
    const answer = await api.app.inject({ url: '/v1/alerts', headers: { authorization: `Bearer guess-${n}` } })
    statuses.push(answer.statusCode)
    if (answer.statusCode === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  }
  expect(statuses).toEqual([401, 401, 429, 429])
  expect((await api.app.inject({ url: '/v1/alerts', headers: api.auth('viewer') })).statusCode).toBe(200)
  const metrics = await api.app.inject({ url: '/metrics', headers: api.auth('metrics') })
  expect(metrics.body).toContain('crmwatch_http_auth_failures_total{reason="invalid"} 4')
})

test('the log has neither addresses nor bodies nor errors’ words', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  await using api = await createHarness({}, logger)
  const headers = { ...api.auth('admin'), 'content-type': 'application/x-ndjson' }
  await api.app.inject({ url: '/v1/actors/ivan-petrov?org=secret-org', headers: api.auth('viewer') })
  await api.app.inject({ url: '/v1/alerts?actor=ivan-petrov&limit=ivan-petrov', headers: api.auth('viewer') })
  await api.app.inject({ url: '/ivan-petrov', headers: { authorization: 'Bearer ivan-petrov' } })
  await api.app.inject({ url: '/v1/alerts', headers: { authorization: 'Bearer ivan-petrov' } })
  await api.app.inject({ method: 'POST', url: '/v1/events', payload: 'ivan-petrov', headers })
  await api.db.writer.run('DROP TABLE staff_records')
  const failed = await api.app.inject({
    method: 'PUT',
    url: '/v1/staff/ivan-petrov',
    payload: { status: 'active' },
    headers: api.auth('admin'),
  })
  expect([failed.statusCode, failed.json()]).toEqual([
    500,
    { type: 'urn:crmwatch:problem:internal', title: 'Something went wrong here', status: 500 },
  ])
  const log = lines.join('')
  expect(log).toContain('"route":"/v1/actors/:actor_uid"')
  expect(log).toContain('"request failed"')
  for (const word of ['ivan', 'secret-org', 'staff_records', api.secrets.admin]) expect(log).not.toContain(word)
})

test('a real server takes gzip, refuses a bomb, and answers what is no HTTP with a problem', async () => {
  await using api = await createHarness({ ingestBodyBytes: 100_000 })
  const address = await listening(api)
  const headers = { ...api.auth('ingest'), 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }
  const post = (body: Buffer) => fetch(`${address}/v1/events`, { method: 'POST', headers, body: new Uint8Array(body) })
  const taken = await post(gzipSync('{"actor_uid":"a"}\n{"actor_uid":"b"}\n'))
  expect([taken.status, await taken.json()]).toEqual([200, { accepted: 2, duplicates: 0, rejected: [] }])
  expect((await post(gzipSync(Buffer.alloc(50_000_000, 10)))).status).toBe(413)
  expect((await post(Buffer.from('plain'))).status).toBe(400)

  const raw = async (text: string) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.end(text)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    await once(socket, 'close')
    return answer
  }
  const garbage = await raw('HELLO\r\n\r\n')
  expect(garbage).toMatch(/^HTTP\/1\.1 400 /)
  expect(garbage).toContain('application/problem+json')
  expect(await raw(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
})

test('a real server says 429 with Retry-After when the queue is full', async () => {
  await using api = await createHarness()
  const address = await listening(api)
  api.busy = 5
  const headers = { ...api.auth('ingest'), 'content-type': 'application/json' }
  const answer = await fetch(`${address}/v1/events`, { method: 'POST', headers, body: '{"actor_uid":"a"}' })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '5'])
})

test('a client that goes away in the middle of a body gives its place back', async () => {
  await using api = await createHarness({ ingestInFlight: 1 })
  const address = await listening(api)
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  const head = `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: ${api.auth('ingest').authorization}\r\ncontent-type: application/x-ndjson\r\ncontent-length: 1000\r\n\r\n{"actor`
  socket.write(head)
  const post = () =>
    fetch(`${address}/v1/events`, {
      method: 'POST',
      headers: { ...api.auth('ingest'), 'content-type': 'application/x-ndjson' },
      body: '{"actor_uid":"a"}',
    }).then((answer) => answer.status)
  const until = async (status: number) => {
    while ((await post()) !== status) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await until(429)
  socket.destroy()
  await until(200)
})

/** A request whose body stops after its first bytes; `answer` is what comes back until the connection ends. */
function stalled(address: string, authorization: string) {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.write(
    `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/x-ndjson\r\ncontent-length: 1000\r\n\r\n{"actor`,
  )
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  return { socket, answer: once(socket, 'close').then(() => text) }
}

async function postOne(api: Harness, address: string, role: string) {
  const headers = { ...api.auth(role), 'content-type': 'application/x-ndjson' }
  const answer = await fetch(`${address}/v1/events`, { method: 'POST', headers, body: '{"actor_uid":"a"}' })
  const { detail } = (await answer.json()) as { detail?: string }
  return [answer.status, detail]
}

test('one token takes half of the places for bodies at most, so that the others’ events go on', async () => {
  await using api = await createHarness()
  const address = await listening(api)
  const held = Array.from({ length: 8 }, () => stalled(address, api.auth(`ingest@${TENANT}`).authorization))
  // Four are refused with their answer; the others hold their places.
  await expect.poll(async () => (await postOne(api, address, `ingest@${TENANT}`))[0]).toBe(429)
  expect(await postOne(api, address, `ingest@${TENANT}`)).toEqual([
    429,
    'This token has as many bodies taken in at once as it may: 4.',
  ])
  expect(await postOne(api, address, 'ingest')).toEqual([200, undefined])
  for (const { socket } of held) socket.destroy()
  await expect.poll(async () => (await postOne(api, address, `ingest@${TENANT}`))[0]).toBe(200)
})

test('a body that stops coming is given up, and its place with it', async () => {
  await using api = await createHarness({ ingestInFlight: 1, bodyStallMs: 200 })
  const address = await listening(api)
  const { answer } = stalled(address, api.auth('ingest').authorization)
  const text = await answer
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
  expect(text).toContain('urn:crmwatch:problem:request-timeout')
  expect(await postOne(api, address, 'ingest')).toEqual([200, undefined])
})

test('a body that comes slowly, and an answer that takes long, are waited for', async () => {
  await using api = await createHarness({ bodyStallMs: 1_000 })
  const address = await listening(api)
  api.gate = new Promise((resolve) => setTimeout(resolve, 2_500))
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const part of ['{"actor', '_uid":', '"a', '"}']) {
        controller.enqueue(Buffer.from(part))
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      controller.close()
    },
  })
  const headers = { ...api.auth('ingest'), 'content-type': 'application/x-ndjson' }
  const answer = await fetch(`${address}/v1/events`, { method: 'POST', headers, body, duplex: 'half' })
  expect([answer.status, await answer.json()]).toEqual([200, { accepted: 1, duplicates: 0, rejected: [] }])
})

test('an answer that takes too long is 503, and the late result hurts nobody', async () => {
  await using api = await createHarness({ answerTimeoutMs: 30 })
  let open: () => void = () => undefined
  api.gate = new Promise((resolve) => {
    open = resolve
  })
  const post = () =>
    api.app.inject({
      method: 'POST',
      url: '/v1/events',
      payload: { actor_uid: 'a' },
      headers: api.auth('ingest'),
    })
  const late = await post()
  expect([late.statusCode, late.headers['content-type']]).toEqual([503, PROBLEM])
  open()
  expect((await post()).statusCode).toBe(200)
  expect(api.lines).toHaveLength(2)
})

test('a request on an open connection while the service shuts down is a problem like any other', async () => {
  await using api = await createHarness()
  const held = Promise.withResolvers<void>()
  let isTaken = false
  Object.defineProperty(api, 'gate', {
    get: () => {
      isTaken = true
      return held.promise
    },
  })
  const address = new URL(await listening(api))
  const socket = connect(Number(address.port), address.hostname)
  const answers = text(socket)
  const { authorization } = api.auth('ingest')
  const body = '{"actor_uid":"a"}'
  const head = ['POST /v1/events HTTP/1.1', 'host: crmwatch', `authorization: ${authorization}`]
  const request = [...head, 'content-type: application/json', `content-length: ${body.length}`, '', body].join('\r\n')
  socket.write(request)
  await vi.waitUntil(() => isTaken)
  const closed = api.app.close()
  await vi.waitUntil(() => !api.app.server.listening)
  socket.write(request)
  await vi.waitUntil(() => socket.bytesWritten === 2 * request.length)
  await wait(20)
  held.resolve()
  const [, first, second] = (await answers).split('HTTP/1.1 ')
  await closed
  expect([first.slice(0, 3), second.slice(0, 3)]).toEqual(['200', '503'])
  expect(second.toLowerCase()).toContain(`content-type: ${PROBLEM.split(';')[0]}`)
  expect(second.toLowerCase()).toContain('retry-after: 5')
  expect(api.lines).toHaveLength(1)
})
