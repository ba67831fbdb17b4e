import { expect, it } from 'vitest'
import { findAdapter } from '../../../ingest/adapters/registry.ts'
import { bound, eventOf, outcomeOf, readBytes } from './read-rows.ts'

const cloudEvents = findAdapter('cloud-events')
if (cloudEvents === undefined) throw new Error('cloud-events is not registered')

const TIME = '2026-03-02T08:00:00Z'
const envelope = (type: string, data: unknown, more: object = {}) => ({
  specversion: '1.0',
  id: 'ce-1',
  source: '/crm',
  type,
  subject: 'u-17',
  time: TIME,
  data,
  ...more,
})
const login = { loginAt: '2026-03-02T08:05:59Z', userId: 7002, loginSucceeded: true }
const access = { action: 'export', object_type: 'contact', record_count: 420, record_count_basis: 'reported' }

it('takes source and id, time and subject for what the data leave out', () => {
  expect(eventOf(cloudEvents, envelope('crm.contact.access.v1', access))).toMatchObject({
    event_uid: '/crm ce-1',
    time: Date.parse(TIME),
    actor_uid: 'u-17',
    action: 'export',
    record_count: 420,
  })
  const data = { ...access, event_uid: 'e', actor_uid: 'u-1', time: '2026-03-02T09:00:00Z', org_uid: 'acme' }
  expect(eventOf(cloudEvents, envelope('crm.contact.access.v1', data))).toMatchObject({
    event_uid: 'e',
    actor_uid: 'u-1',
    time: Date.parse('2026-03-02T09:00:00Z'),
    org_uid: 'acme',
  })
})

it('keeps an unknown count unknown, and leaves the tenant to the source', () => {
  const event = eventOf(cloudEvents, envelope('crm.contact.access.v1', { action: 'export' }))
  expect([event.record_count, event.record_count_basis, event.org_uid]).toEqual([null, 'unknown', undefined])
})

it.each([
  ['crm.native.hubspot', {}],
  ['com.example.hubspot.v1', {}],
  ['com.example.audit', { types: 'com.example.audit=hubspot' }],
])('reads the native rows of %s', (type, options) => {
  expect(eventOf(cloudEvents, envelope(type, login), options)).toMatchObject({ action: 'login', actor_uid: '7002' })
})

it('reads data in a text, in base64, and lists of native rows', () => {
  const text = JSON.stringify(login)
  expect(eventOf(cloudEvents, envelope('crm.native.hubspot', text)).action).toBe('login')
  const data_base64 = Buffer.from(text).toString('base64')
  expect(eventOf(cloudEvents, envelope('crm.native.hubspot', undefined, { data_base64 })).action).toBe('login')
  const both = outcomeOf(cloudEvents, envelope('crm.native.hubspot', [login, { ...login, userId: 7003 }]))
  expect(both.kind === 'events' ? both.events.map(({ actor_uid }) => actor_uid) : both).toEqual(['7002', '7003'])
})

it('ignores other types, unless their data are an access event in every respect', () => {
  const type = 'com.example.invoice.paid'
  expect(outcomeOf(cloudEvents, envelope(type, { invoice: 1 }))).toEqual({ kind: 'ignored', type })
  expect(outcomeOf(cloudEvents, envelope(type, null))).toEqual({ kind: 'ignored', type })
  expect(eventOf(cloudEvents, envelope('com.example.crm', access)).action).toBe('export')
})

it('hands on what the native adapter ignores and refuses', () => {
  const pipeline = { category: 'PIPELINE', subCategory: 'DEAL', action: 'UPDATE' }
  expect(outcomeOf(cloudEvents, envelope('crm.native.hubspot', pipeline))).toMatchObject({ kind: 'ignored' })
  expect(outcomeOf(cloudEvents, envelope('crm.native.hubspot', [login, { id: 1 }]))).toMatchObject({
    kind: 'rejected',
    reason: 'unknown_layout',
  })
})

it.each([
  [{ id: 'x' }, 'unknown_layout'],
  [envelope('crm.contact.access.v1', access, { specversion: '0.3' }), 'unsupported_type'],
  [envelope('crm.contact.access.v1', null), 'invalid_event'],
  [envelope('crm.contact.access.v1', access, { time: undefined }), 'missing_time'],
  [envelope('crm.contact.access.v1', access, { subject: undefined }), 'missing_actor'],
  [envelope('crm.contact.access.v1', { ...access, action: 'stare' }), 'invalid_event'],
])('refuses %j', (row, reason) => expect(outcomeOf(cloudEvents, row)).toMatchObject({ kind: 'rejected', reason }))

it('reads a bare access event', () => {
  const row = { ...access, actor_uid: 'u-1', time: TIME }
  expect(eventOf(cloudEvents, row)).toMatchObject({ actor_uid: 'u-1', action: 'export' })
})

it('tells events of two producers that number alike apart', () => {
  const uidFrom = (source: string) =>
    eventOf(cloudEvents, envelope('crm.contact.access.v1', access, { source })).event_uid
  expect(uidFrom('/crm/eu')).not.toBe(uidFrom('/crm/us'))
})

it('reads a batch as one record each', async () => {
  async function* batch() {
    yield Buffer.from(JSON.stringify([1, 2].map((n) => envelope('crm.contact.access.v1', access, { id: `ce-${n}` }))))
  }
  const outcomes = await readBytes(cloudEvents, batch())
  const uids = outcomes.flatMap((outcome) => (outcome.kind === 'events' ? outcome.events : [])).map((e) => e.event_uid)
  expect(uids).toEqual(['/crm ce-1', '/crm ce-2'])
})

it('refuses an option that names no adapter', () => {
  expect(cloudEvents.bind({ types: 'a=nothing' })).toMatchObject({ ok: false })
  expect(bound(cloudEvents, { types: 'a=canonical, b=ocsf' }).ok).toBe(true)
})

it('reads data whose fields a table has made columns of', () => {
  const flat = {
    specversion: '1.0',
    id: 'a',
    type: 'crm.contact.access.v1',
    subject: 'u',
    time: '2026-03-12T10:00:00Z',
  }
  expect(outcomeOf(cloudEvents, { ...flat, 'data.action': 'view', 'data.object_uids.0': 'c-1' })).toMatchObject({
    events: [{ actor_uid: 'u', action: 'view', object_uids: ['c-1'] }],
  })
})
