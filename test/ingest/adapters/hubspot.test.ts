import { describe, expect, it } from 'vitest'
import { hubspot } from '../../../ingest/adapters/hubspot.ts'
import { eventOf, outcomeOf, readText } from './read-rows.ts'

const AT = '2026-03-02T08:14:09.121Z'
const TIME = Date.parse(AT)
const audit = (category: string, subCategory: string, action: string, targetObjectId = '30117745') => ({
  id: 'a1',
  category,
  subCategory,
  action,
  targetObjectId,
  occurredAt: AT,
  actingUser: { userId: 7001, userEmail: 'sales1@acme.example' },
})
const security = (type: string) => ({
  id: '1',
  type,
  userId: 7002,
  actingUser: 'sales2@acme.example',
  objectId: '551203',
  ipAddress: '198.51.100.17',
  createdAt: AT,
})

describe('rows that are access', () => {
  it.each([
    [audit('CRM_OBJECT', 'CONTACT', 'CREATE'), 'create', 'contact', ['30117745']],
    [audit('CRM_OBJECT', 'COMPANY', 'UPDATE'), 'update', 'account', ['30117745']],
    [audit('CRM_OBJECT', 'DEAL', 'DELETE'), 'delete', 'deal', ['30117745']],
    [audit('CRM_OBJECT', 'LEAD', 'MERGE'), 'update', 'lead', ['30117745']],
    [audit('CRM_OBJECT', 'TICKET', 'CREATE'), 'create', 'unknown', ['30117745']],
    [audit('PROPERTY_VALUE', 'CONTACT', 'UPDATE'), 'update', 'contact', ['30117745']],
    // The value is deleted, not the contact.
    [audit('PROPERTY_VALUE', 'CONTACT', 'DELETE'), 'update', 'contact', ['30117745']],
    [audit('Crm object', 'Contact', 'Create'), 'create', 'contact', ['30117745']],
  ])('%j', (row, action, object_type, object_uids) => {
    expect(eventOf(hubspot, row)).toMatchObject({
      time: TIME,
      actor_uid: '7001',
      actor_name: 'sales1@acme.example',
      action,
      object_type,
      object_uids,
    })
  })

  it.each([
    audit('CRITICAL_ACTION', 'CONTACT_EXPORT', 'PERFORM'),
    audit('CRM_OBJECT', 'CONTACT', 'EXPORT'),
    audit('EXPORT', 'CONTACT', 'PERFORM'),
    security('CONTACT_DATA_EXPORT'),
    { ...security('CONTACTS_EXPORT') },
    { ...security('Export contacts') },
  ])('an export names the export, no record: its count is unknown %#', (row) => {
    const event = eventOf(hubspot, row)
    expect(event).toMatchObject({ action: 'export', object_type: 'contact' })
    expect([event.object_uids ?? [], event.record_count ?? null]).toEqual([[], null])
  })

  it.each([
    [{ loginAt: AT, userId: 7002, email: 'a@acme.example', loginSucceeded: true }, '7002', 'success'],
    [{ loginAt: AT, email: 'A@acme.example', loginSucceeded: false }, 'a@acme.example', 'failure'],
    [
      { 'Login at': '2026-03-02 08:14:09', User: 'a@acme.example', 'Login succeeded': 'No' },
      'a@acme.example',
      'failure',
    ],
    [audit('LOGIN', 'LOGIN_SUCCEEDED', 'PERFORM'), '7001', 'success'],
    [audit('LOGIN', 'LOGIN_FAILED', 'PERFORM'), '7001', 'failure'],
  ])('a login %#', (row, actor_uid, outcome) => {
    expect(eventOf(hubspot, row)).toMatchObject({ action: 'login', actor_uid, outcome })
  })
})

it('counts a creation once, though it writes a PROPERTY_VALUE and a CRM_OBJECT row at the same instant', () => {
  const [value, object] = [audit('PROPERTY_VALUE', 'CONTACT', 'UPDATE'), audit('CRM_OBJECT', 'CONTACT', 'CREATE')]
  const operation = eventOf(hubspot, object).logical_op_uid
  expect(operation).toEqual(expect.any(String))
  expect(eventOf(hubspot, value).logical_op_uid).toBe(operation)
  expect(eventOf(hubspot, { ...object, targetObjectId: '30117746' }).logical_op_uid).not.toBe(operation)
})

it('drops a target that is a name', () => {
  const event = eventOf(hubspot, audit('CRM_OBJECT', 'CONTACT', 'DELETE', 'Jana Novak'))
  expect(JSON.stringify(event)).not.toContain('Novak')
  expect(event.object_uids).toEqual([])
})

it.each([
  [audit('PIPELINE', 'DEAL', 'UPDATE', 'Renewals'), 'PIPELINE/DEAL/UPDATE'],
  [
    audit('CRITICAL_ACTION', 'PRIVATE_APP_ACCESS_TOKEN_VIEW', 'PERFORM'),
    'CRITICAL_ACTION/PRIVATE_APP_ACCESS_TOKEN_VIEW/PERFORM',
  ],
  [audit('CONTENT', 'LANDING_PAGE', 'UPDATE'), 'CONTENT/LANDING_PAGE/UPDATE'],
  [audit('WORKFLOWS', 'CONTACT_WORKFLOW', 'CREATE'), 'WORKFLOWS/CONTACT_WORKFLOW/CREATE'],
  [security('ADD_USER'), 'ADD_USER'],
  [security('EXPORT_USERS'), 'EXPORT_USERS'],
  [security('EXPORT_APPROVAL'), 'EXPORT_APPROVAL'],
  [security('DATA_BACKUP_CREATED'), 'DATA_BACKUP_CREATED'],
  [security('MARKETING_CONTACTS_APP_SETTINGS_ENABLED'), 'MARKETING_CONTACTS_APP_SETTINGS_ENABLED'],
  [security('PERSONAL_ACCESS_KEY_VIEW'), 'PERSONAL_ACCESS_KEY_VIEW'],
  [security('AUDIT_LOG_EXPORT'), 'AUDIT_LOG_EXPORT'],
  [security('ADD_TWO_FACTOR_AUTHENTICATION'), 'ADD_TWO_FACTOR_AUTHENTICATION'],
])('ignores what is no access to records: %#', (row, type) => {
  expect(outcomeOf(hubspot, row)).toEqual({ kind: 'ignored', type })
})

it.each([
  [{ id: 'x' }, 'unknown_layout'],
  [{ ...audit('CRM_OBJECT', 'CONTACT', 'CREATE'), occurredAt: 'soon' }, 'missing_time'],
  [{ ...audit('CRM_OBJECT', 'CONTACT', 'CREATE'), actingUser: {} }, 'missing_actor'],
])('refuses what should be readable %#', (row, reason) => {
  expect(outcomeOf(hubspot, row)).toMatchObject({ kind: 'rejected', reason })
})

it.each([
  ['2026-03-02 08:14:09', 'Europe/Moscow', '2026-03-02T05:14:09.000Z'],
  ['2026-03-02 08:14:09', 'UTC', '2026-03-02T08:14:09.000Z'],
  ['2026-03-02 08:14 EST', 'Europe/Moscow', '2026-03-02T13:14:00.000Z'],
  ['Mar 2, 2026 8:14 PM', 'UTC', '2026-03-02T20:14:00.000Z'],
])('reads %s of an exported file in %s', (Date_, time_zone, iso) => {
  const row = {
    Category: 'CRM object',
    Subcategory: 'Deal',
    Action: 'Delete',
    Date: Date_,
    'Modified by': 'a@b.example',
    'Object ID': '1',
  }
  const event = eventOf(hubspot, row, { time_zone })
  expect([new Date(event.time).toISOString(), event.object_uids]).toEqual([iso, ['1']])
})

it.each([
  ['EXPORT', { action: 'export', object_type: 'unknown' }],
  ['FORM_SUBMISSIONS_EXPORT', { action: 'export', object_type: 'unknown' }],
  ['EXPORT_DOWNLOAD', { action: 'download' }],
  ['DATA_BACKUP_DOWNLOADED', { action: 'download' }],
  ['IMPORT', { action: 'create' }],
  ['BULK_DELETE_CONTACTS', { action: 'delete', object_type: 'contact', object_uids: [] }],
  ['GDPR_DELETE', { action: 'delete', object_type: 'contact', object_uids: ['551203'] }],
  ['GDPR_DELETE_CONTACT', { action: 'delete', object_type: 'contact', object_uids: ['551203'] }],
  ['IMPERSONATE_USER', { action: 'login', actor_uid: '7002', on_behalf_of_uid: '551203' }],
])('reads the critical action %s', (type, event) => {
  expect(eventOf(hubspot, security(type))).toMatchObject(event)
  expect(eventOf(hubspot, { ...audit('CRITICAL_ACTION', type, 'PERFORM', '551203') })).toMatchObject({
    ...event,
    ...('actor_uid' in event ? { actor_uid: '7001' } : {}),
  })
})

it('keeps all digits of a user id that begins with a zero', async () => {
  const text = JSON.stringify({ results: [audit('CRM_OBJECT', 'CONTACT', 'CREATE')] }).replace('7001', '0089274')
  expect(await readText(hubspot, text)).toMatchObject([{ kind: 'events', events: [{ actor_uid: '0089274' }] }])
})

it('tells rows by what is filled, in a table of all three logs', () => {
  const none = { loginAt: null, loginSucceeded: '', category: 'null', type: '-' }
  expect(eventOf(hubspot, { ...none, ...audit('CRM_OBJECT', 'CONTACT', 'CREATE') }).action).toBe('create')
  expect(eventOf(hubspot, { ...none, ...security('CONTACT_DATA_EXPORT') }).action).toBe('export')
})
