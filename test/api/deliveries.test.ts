import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appendDeliveries, type NewDelivery, settleDeliveries } from '../../store/deliveries.ts'
import { createHarness, type Harness, NOW, TENANT } from './harness.ts'

let api: Harness
beforeAll(async () => {
  api = await createHarness()
  await appendDeliveries(api.db.writer, [
    row('d_1', { alert_uid: 'alert-1' }),
    row('d_2', { channel: 'owner', org_uid: TENANT, alert_uid: 'alert-acme' }),
    row('d_3', { channel: 'owner', reason: 'undelivered', org_uid: null, alert_uid: 'alert-1' }),
    row('d_4', { message_uid: null, due_at: NOW + 60_000 }),
  ])
  const update = { next_attempt_at: 0, attempts: 9, last_attempt_at: NOW + 5, finished_at: NOW + 5 }
  await settleDeliveries(
    api.db.writer,
    [{ ...update, delivery_uid: 'd_1', status: 'given_up', failure: 'not_found', answer_status: 404 }],
    [],
  )
})
afterAll(() => api?.[Symbol.asyncDispose]())

const row = (delivery_uid: string, over: Partial<NewDelivery> = {}): NewDelivery => ({
  delivery_uid,
  message_uid: delivery_uid,
  channel: 'soc',
  lane: delivery_uid,
  reason: 'opened',
  org_uid: 'default',
  alert_uid: null,
  severity: 'high',
  created_at: NOW,
  due_at: NOW,
  repeat_after_ms: null,
  repeats: 0,
  body: '{"alert":{"actor_uid":"u-17"}}',
  ...over,
})

const get = (query = '', role = 'viewer') => api.app.inject({ url: `/v1/deliveries${query}`, headers: api.auth(role) })
const uids = async (query: string, role?: string): Promise<string[]> =>
  (await get(query, role)).json().items.map((item: { delivery_uid: string }) => item.delivery_uid)

describe('GET /v1/deliveries', () => {
  test('shows what was told to whom, and nothing of what was said', async () => {
    const answer = await get('?status=given_up')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      items: [
        {
          delivery_uid: 'd_1',
          message_uid: 'd_1',
          channel: 'soc',
          reason: 'opened',
          org_uid: 'default',
          alert_uid: 'alert-1',
          told_alert_uid: 'alert-1',
          severity: 'high',
          status: 'given_up',
          created_at: new Date(NOW).toISOString(),
          due_at: new Date(NOW).toISOString(),
          next_attempt_at: null,
          attempts: 9,
          last_attempt_at: new Date(NOW + 5).toISOString(),
          finished_at: new Date(NOW + 5).toISOString(),
          failure: 'not_found',
          answer_status: 404,
        },
      ],
      next_cursor: null,
    })
    expect((await get()).body).not.toContain('u-17')
  })

  test.each([
    ['', ['d_4', 'd_3', 'd_2', 'd_1']],
    ['?status=waiting', ['d_4', 'd_3', 'd_2']],
    ['?status=waiting&status=given_up&channel=soc', ['d_4', 'd_1']],
    ['?channel=owner', ['d_3', 'd_2']],
    ['?alert_uid=alert-1', ['d_3', 'd_1']],
    ['?org=acme', ['d_2']],
  ])('filters by %s', async (query, wanted) => {
    expect(await uids(query)).toEqual(wanted)
  })

  test('shows a tenant its own alone', async () => {
    expect(await uids('', `viewer@${TENANT}`)).toEqual(['d_2'])
    expect((await get('?org=default', `viewer@${TENANT}`)).statusCode).toBe(403)
  })

  test('comes in pages', async () => {
    const first = (await get('?limit=3')).json()
    expect(first.items).toHaveLength(3)
    expect(await uids(`?limit=3&cursor=${first.next_cursor}`)).toEqual(['d_1'])
  })

  test.each(['?status=lost', '?limit=0', '?cursor=abc', '?who=me'])('refuses %s', async (query) => {
    expect((await get(query)).statusCode).toBe(400)
  })
})
