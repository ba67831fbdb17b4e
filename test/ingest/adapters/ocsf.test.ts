import { describe, expect, it } from 'vitest'
import { ocsf } from '../../../ingest/adapters/ocsf.ts'
import { eventOf, outcomeOf } from './read-rows.ts'

const TIME = Date.UTC(2026, 2, 2, 8)
const event = (class_uid: number, activity_id: number, more: object = {}) => ({
  class_uid,
  activity_id,
  time: TIME,
  metadata: { version: '1.8.0' },
  actor: { user: { uid: 'u-17' } },
  ...more,
})
const contact = (uid: string) => ({ type: 'contact', uid, name: 'Jana Novak' })

describe('activities', () => {
  it.each([
    [6001, 1, 'create'],
    [6001, 2, 'view'],
    [6001, 3, 'update'],
    [6001, 4, 'delete'],
    [6001, 5, 'search'],
    [6001, 6, 'create'],
    [6001, 7, 'export'],
    [6001, 8, 'share'],
    [6003, 1, 'create'],
    [6003, 2, 'api_read'],
    [6003, 3, 'update'],
    [6003, 4, 'delete'],
    [6005, 1, 'api_read'],
    [6005, 4, 'api_read'],
    [6005, 5, 'update'],
    [6005, 8, 'list'],
    [6006, 2, 'download'],
    [6006, 9, 'view'],
    [6006, 12, 'share'],
    [3002, 1, 'login'],
  ])('%i/%i is %s', (class_uid, activity_id, action) => {
    expect(eventOf(ocsf, event(class_uid, activity_id))).toMatchObject({ time: TIME, actor_uid: 'u-17', action })
  })

  it.each([
    [{ class_uid: 6005, activity_id: 3 }, '6005: 3'],
    [
      { class_uid: 6006, activity_id: 10, class_name: 'File Hosting Activity', activity_name: 'Lock' },
      'File Hosting Activity: Lock',
    ],
    [{ class_uid: 3002, activity_id: 2 }, '3002: 2'],
    [{ class_uid: 3005, activity_id: 1, class_name: 'User Access Management' }, 'User Access Management'],
    [{ class_uid: 4001, activity_id: 1, class_name: 'Network Activity' }, 'Network Activity'],
    [{ class_uid: 6003, activity_id: 99, api: { operation: 'Heartbeat' } }, '6003: 99'],
  ])('ignores %j', (row, type) =>
    expect(outcomeOf(ocsf, { ...event(0, 0), ...row })).toEqual({ kind: 'ignored', type }),
  )
})

describe('activity_id 99 needs activity_name or api.operation', () => {
  it.each([
    [event(6001, 99, { activity_name: 'copy' }), 'copy'],
    [event(6001, 99, { activity_name: 'Print preview' }), 'print'],
    [event(6003, 99, { activity_name: 'Other', api: { operation: 'ExportContacts' } }), 'export'],
    [event(6003, 99, { api: { operation: 'contacts.search' } }), 'api_read'],
    [event(6003, 2, { api: { operation: 'ExportContacts' } }), 'export'],
  ])('%j', (row, action) => expect(eventOf(ocsf, row).action).toBe(action))

  it('refuses it without both', () => {
    expect(outcomeOf(ocsf, event(6001, 99))).toMatchObject({ kind: 'rejected', reason: 'invalid_event' })
    expect(outcomeOf(ocsf, event(6003, 99, { activity_name: 'Other' }))).toMatchObject({ kind: 'rejected' })
  })
})

it.each([
  ['milliseconds', TIME],
  ['seconds', TIME / 1000],
  ['microseconds', TIME * 1000],
  ['ISO text', '2026-03-02T08:00:00Z'],
])('reads time in %s', (_, time) => expect(eventOf(ocsf, event(6001, 2, { time })).time).toBe(TIME))

it('knows API Activity of 1.0.0-rc.2, which was class 3005', () => {
  const row = event(3005, 2, { class_name: 'API Activity', metadata: { version: '1.0.0-rc.2' } })
  expect(eventOf(ocsf, row)).toMatchObject({ action: 'api_read', channel: 'api' })
})

describe('counts', () => {
  it.each([
    ['the base field count is one of events', event(6001, 7, { count: 1 }), null],
    [
      'an export of a report has no known count',
      event(6001, 7, { web_resources: [{ type: 'report', uid: 'r' }] }),
      null,
    ],
    ['nor has one of a list', event(6001, 7, { web_resources: [{ type: 'Contact List', uid: 'l' }] }), null],
    ['an empty count is unknown', event(6001, 7, { unmapped: { record_count: '' } }), null],
    ['a 0 is 0', event(6001, 5, { unmapped: { record_count: 0 } }), 0],
    ['a float in a text', event(6005, 4, { unmapped: { rows_returned: '20680.0' } }), 20680],
  ])('%s', (_, row, count) => {
    const { record_count = null, object_uids = [], object_uids_complete = true } = eventOf(ocsf, row)
    expect([record_count, object_uids.length > 0 && object_uids_complete]).toEqual([count, false])
  })

  it('ids of records are counted, names are left out', () => {
    const said = eventOf(ocsf, event(6001, 7, { web_resources: [contact('c1'), contact('c2')] }))
    expect(said).toMatchObject({ object_type: 'contact', object_uids: ['c1', 'c2'], object_uids_complete: true })
    expect(JSON.stringify(said)).not.toContain('Novak')
  })
})

it('takes the actor from what there is', () => {
  const who = (actor: object) => eventOf(ocsf, event(6001, 2, { actor })).actor_uid
  expect(who({ user: { name: 'jana' } })).toBe('jana')
  expect(who({ user: { email_addr: 'j@a.example' } })).toBe('j@a.example')
  expect(eventOf(ocsf, event(6003, 2, { actor: { app_name: 'sync' } }))).toMatchObject({
    actor_uid: 'sync',
    actor_type: 'integration',
  })
  expect(outcomeOf(ocsf, event(6001, 2, { actor: {} }))).toMatchObject({ kind: 'rejected', reason: 'missing_actor' })
})

it('reads dotted keys and envelopes', () => {
  const flat = {
    class_uid: '6001',
    activity_id: '2',
    time: String(TIME),
    'actor.user.uid': 'u-17',
    'src_endpoint.ip': '10.0.0.1',
  }
  expect(eventOf(ocsf, flat)).toMatchObject({ actor_uid: 'u-17', src_ip: '10.0.0.1' })
  expect(eventOf(ocsf, { _source: { ocsf: event(6001, 2) } })).toMatchObject({ actor_uid: 'u-17' })
})

it('tells failures by status_id, status or code', () => {
  for (const more of [{ status_id: 2 }, { status: 'Failure' }, { api: { response: { code: 403 } } }])
    expect(eventOf(ocsf, event(6003, 2, more)).outcome).toBe('failure')
  expect(eventOf(ocsf, event(6003, 2)).outcome).toBe('success')
})

it('leaves out other resources when asked to', () => {
  const resource_types = 'contact*, crm'
  const outcome = (more: object) => outcomeOf(ocsf, event(6003, 2, more), { resource_types }).kind
  expect(outcome({ resources: [contact('c')] })).toBe('events')
  expect(outcome({ api: { service: { name: 'crm' } } })).toBe('events')
  expect(outcome({ resources: [{ type: 'nodes', uid: 'n' }] })).toBe('ignored')
})

it.each([
  [{}, 'unknown_layout'],
  [event(6001, 2, { time: null }), 'missing_time'],
])('refuses %j', (row, reason) => expect(outcomeOf(ocsf, row)).toMatchObject({ kind: 'rejected', reason }))

it.each([
  ['flat names', { 'actor.user.uid': 'u-17', 'web_resources.0.uid': 'c-1', 'web_resources.0.type': 'contact' }],
  [
    'flat names with brackets',
    { 'actor.user.uid': 'u-17', 'web_resources[0].uid': 'c-1', 'web_resources[0].type': 'contact' },
  ],
  ['JSON texts', { actor: '{"user":{"uid":"u-17"}}', web_resources: '[{"uid":"c-1","type":"contact"}]' }],
  ['both', { actor: '{"session":{}}', 'actor.user.uid': 'u-17', web_resources: '[{"uid":"c-1","type":"contact"}]' }],
])('reads events whose objects came as %s', (_form, more) => {
  const row = { class_uid: '6001', activity_id: '2', time: String(TIME), ...more, 'unmapped.record_count': '1,204' }
  expect(eventOf(ocsf, row)).toMatchObject({
    time: TIME,
    actor_uid: 'u-17',
    object_type: 'contact',
    object_uids: ['c-1'],
    record_count: 1204,
  })
})
