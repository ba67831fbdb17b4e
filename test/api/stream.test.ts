import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApiLimits } from '../../api/options.ts'
import { sampleAlert } from '../store/sample-alert.ts'
import { createHarness, type Harness, TENANT } from './harness.ts'

let api: Harness
let address: string
async function start(limits: Partial<ApiLimits> = {}) {
  api = await createHarness(limits)
  address = await api.app.listen({ host: '127.0.0.1', port: 0 })
}
beforeEach(() => start())
afterEach(() => api[Symbol.asyncDispose]())

interface Reader {
  readonly response: Response
  /** The next blank-line-ended block; null at the end of the stream. */
  next(): Promise<string | null>
  cancel(): Promise<void>
}

async function open(role = 'viewer', headers: Record<string, string> = {}, query = ''): Promise<Reader> {
  const response = await fetch(`${address}/v1/stream${query}`, { headers: { ...api.auth(role), ...headers } })
  const reader = (response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).getReader()
  const decoder = new TextDecoder()
  let text = ''
  return {
    response,
    async next() {
      while (!text.includes('\n\n')) {
        const { done, value } = await reader.read()
        if (done) return null
        text += decoder.decode(value, { stream: true })
      }
      const end = text.indexOf('\n\n')
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      return block
    },
    cancel: () => reader.cancel(),
  }
}

function parse(block: string | null) {
  const fields = Object.fromEntries((block ?? '').split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
  return { id: fields.id, event: fields.event, data: JSON.parse(fields.data ?? 'null') }
}

async function until(condition: () => boolean) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const clients = async () => /crmwatch_stream_clients (\d+)/.exec(await api.services.registry.metrics())?.[1]

test('alerts arrive as the lists show them', async () => {
  const stream = await open()
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  expect(stream.response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await stream.next()).toBe('retry: 3000')
  api.publish('alert.opened', sampleAlert())
  api.publish('alert.updated', sampleAlert({ status: 'in_progress' }))
  const listed = await api.app.inject({ url: '/v1/alerts/alert-1', headers: api.auth('viewer') })
  expect(parse(await stream.next())).toEqual({ id: 'boot1-1', event: 'alert.opened', data: listed.json() })
  expect(parse(await stream.next())).toMatchObject({
    id: 'boot1-2',
    event: 'alert.updated',
    data: { status: 'in_progress', opened_at: '2026-03-02T09:00:00.000Z' },
  })
  await stream.cancel()
})

test('a token bound to a tenant hears of that tenant only', async () => {
  const scoped = await open(`viewer@${TENANT}`)
  const chosen = await open('viewer', {}, '?org=default')
  for (const stream of [scoped, chosen]) await stream.next()
  api.publish('alert.opened', sampleAlert({ alert_uid: 'a', org_uid: 'default' }))
  api.publish('alert.opened', sampleAlert({ alert_uid: 'b', org_uid: TENANT }))
  api.publish('alert.opened', sampleAlert({ alert_uid: 'c', org_uid: 'default' }))
  expect(parse(await scoped.next()).data.alert_uid).toBe('b')
  expect(parse(await chosen.next()).data.alert_uid).toBe('a')
  expect(parse(await chosen.next()).data.alert_uid).toBe('c')
  await Promise.all([scoped.cancel(), chosen.cancel()])
})

test('Last-Event-ID brings what was missed, or says that it is gone', async () => {
  await api[Symbol.asyncDispose]()
  await start({ streamHistory: 3 })
  for (const n of [1, 2, 3, 4, 5])
    api.publish('alert.opened', sampleAlert({ alert_uid: `a${n}`, org_uid: n === 4 ? TENANT : 'default' }))
  const replayed = async (lastEventId: string, role = 'viewer') => {
    const stream = await open(role, { 'last-event-id': lastEventId })
    await stream.next()
    api.publish('alert.updated', sampleAlert({ alert_uid: 'end', org_uid: TENANT }))
    const seen: string[] = []
    for (;;) {
      const { event, data } = parse(await stream.next())
      if (event === 'alert.updated') break
      seen.push(data.alert_uid ?? event)
    }
    await stream.cancel()
    return seen
  }
  expect(await replayed('boot1-3', `viewer@${TENANT}`)).toEqual(['a4'])
  // One more is published by each call, so the oldest one kept moves along.
  expect(await replayed('boot1-4')).toEqual(['a5'])
  expect(await replayed('boot1-1')).toEqual(['stream.gap'])
  expect(await replayed('boot0-4')).toEqual(['stream.gap'])
  expect(await replayed('boot1-99')).toEqual(['stream.gap'])
  expect(await replayed('nonsense')).toEqual(['stream.gap'])
})

test('a comment keeps an idle stream alive', async () => {
  await api[Symbol.asyncDispose]()
  await start({ streamHeartbeatMs: 20 })
  const stream = await open()
  await stream.next()
  expect(await stream.next()).toBe(': heartbeat')
  await stream.cancel()
})

test('clients have their number, and a place is free again when one leaves', async () => {
  await api[Symbol.asyncDispose]()
  await start({ streamClients: 2 })
  const [first, second] = [await open(), await open()]
  for (const stream of [first, second]) await stream.next()
  const third = await open()
  expect([third.response.status, third.response.headers.get('content-type')]).toEqual([
    503,
    'application/problem+json; charset=utf-8',
  ])
  await first.cancel()
  while ((await clients()) !== '1') await new Promise((resolve) => setTimeout(resolve, 5))
  const fourth = await open()
  expect(fourth.response.status).toBe(200)
  await Promise.all([second.cancel(), fourth.cancel()])
})

test('one token takes its share of the places at most, so that others hear of alerts', async () => {
  await api[Symbol.asyncDispose]()
  await start({ streamClientsPerToken: 2 })
  const mine = [await open(), await open()]
  for (const stream of mine) await stream.next()
  const third = await fetch(`${address}/v1/stream`, { headers: api.auth('viewer') })
  expect([third.status, await third.json()]).toMatchObject([
    503,
    { detail: 'There are as many stream clients as there may be: 2 of one token, 64 of all.' },
  ])
  const other = await open('analyst')
  expect(other.response.status).toBe(200)
  await Promise.all([...mine, other].map((stream) => stream.cancel()))
})

test('a client that does not read is dropped, the others hear everything', async () => {
  await api[Symbol.asyncDispose]()
  await start({ streamQueue: 20 })
  const slow = await open()
  const quick = await open()
  const bulky = 'x'.repeat(200_000)
  let heard = 0
  const listening = (async () => {
    while ((await quick.next()) !== null) heard++
  })()
  let published = 0
  const dropped = async () =>
    (await api.services.registry.metrics()).includes('crmwatch_stream_clients_dropped_total 1')
  while (!(await dropped())) {
    api.publish('alert.updated', sampleAlert({ summary: bulky }))
    published++
    await until(() => heard > published)
  }
  expect(await clients()).toBe('1')
  // What lies in the buffers of the connection ends in an error instead of going on for ever.
  await expect(
    (async () => {
      while ((await slow.next()) !== null);
    })(),
  ).rejects.toThrow()
  await api.app.close()
  await listening
  expect(heard).toBe(published + 1)
})

test('revoking a token cuts its stream', async () => {
  const { token, secret } = await api.services.tokens.create({ name: 'x', role: 'viewer', org_uid: null })
  const response = await fetch(`${address}/v1/stream`, { headers: { authorization: `Bearer ${secret}` } })
  const revoked = await api.app.inject({
    method: 'DELETE',
    url: `/v1/tokens/${token.token_uid}`,
    headers: api.auth('admin'),
  })
  expect(revoked.statusCode).toBe(204)
  await expect(response.text()).rejects.toThrow()
})

test('closing ends the streams and listens no more', async () => {
  const stream = await open()
  await stream.next()
  expect(api.listeners()).toBe(1)
  const closing = api.app.close()
  expect(await stream.next()).toBeNull()
  await closing
  expect(api.listeners()).toBe(0)
})
