import { describe, expect, it } from 'vitest'
import { espocrm } from '../../../ingest/adapters/espocrm.ts'
import { eventOf, outcomeOf } from './read-rows.ts'

const ID = '68f0c1a2b30000016'
const ROW = {
  id: '68f0c1a2b30000001',
  number: 12,
  targetType: 'Contact',
  targetId: ID,
  targetName: 'Anna Lemberg',
  action: 'read',
  userId: 'u1',
  userName: 'olga',
  ipAddress: '203.0.113.9',
  createdAt: '2026-11-20 07:00:01',
  authTokenId: 't1',
}
const text = (value: string) => `s:${value.length}:"${value}";`
const list = (...values: string[]) => `a:${values.length}:{${values.map((v, i) => `i:${i};${text(v)}`).join('')}}`
const params = (property: (name: string) => string, where: string) =>
  Buffer.from(
    `O:26:"Espo\\Tools\\Export\\Params":4:{${text(property('entityType'))}${text('Contact')}${text(property('fieldList'))}${list('phoneNumber')}${text(property('format'))}${text('csv')}${text(property('searchParams'))}${where}}`,
  ).toString('base64')
const BY_IDS = `a:2:{${text('attribute')}${text('id')}${text('value')}${list(ID, 'x1')}}`
const BY_NAME = `a:2:{${text('attribute')}${text('lastName')}${text('value')}${list('Lemberg')}}`
const EXPORT = {
  id: 'e1',
  status: 'Success',
  createdAt: '2026-11-20 09:00:00',
  createdById: 'u1',
  attachmentId: 'a1',
  params: params((name) => name, BY_IDS),
}
const FILE = {
  id: 'a1',
  name: 'Export_Contact.csv',
  role: 'Export File',
  size: 48211,
  createdAt: '2026-11-20 09:00:04',
  createdById: 'u1',
}

describe('espocrm', () => {
  it.each([
    ['read', 'view'],
    ['create', 'create'],
    ['update', 'update'],
    ['delete', 'delete'],
  ])('takes %s for %s', (word, action) => {
    const event = eventOf(espocrm, { ...ROW, action: word })
    expect(event).toMatchObject({
      time: Date.UTC(2026, 10, 20, 7, 0, 1),
      actor_uid: 'u1',
      action,
      object_type: 'contact',
      object_uids: [ID],
      src_ip: '203.0.113.9',
      session_uid: 't1',
    })
    expect(JSON.stringify(event)).not.toContain('Lemberg')
  })

  it("reads the table's snake case as the REST answer", () => {
    const snake = Object.fromEntries(
      Object.entries(ROW).map(([key, value]) => [key.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]),
    )
    expect(eventOf(espocrm, snake)).toEqual(eventOf(espocrm, ROW))
  })

  it.each([
    ['User', 'unknown'],
    ['Attachment', 'file'],
    ['Lead', 'lead'],
    ['Opportunity', 'deal'],
  ])('takes the target %s for %s', (targetType, object_type) => {
    expect(eventOf(espocrm, { ...ROW, targetType }).object_type).toBe(object_type)
  })

  it.each([(name: string) => name, (name: string) => `\0Espo\\Tools\\Export\\Params\0${name}`])(
    'reads the records of a background export out of its serialisation',
    (property) => {
      const event = eventOf(espocrm, { ...EXPORT, params: params(property, BY_IDS) })
      expect(event).toMatchObject({
        event_uid: 'espocrm-export-e1',
        action: 'export',
        object_type: 'contact',
        object_uids: [ID, 'x1'],
        export_format: 'csv',
        columns: ['phoneNumber'],
        has_contact_fields: true,
      })
    },
  )

  it('does not know the count of the export of a search, and drops its conditions', () => {
    const event = eventOf(espocrm, { ...EXPORT, params: params((name) => name, BY_NAME) })
    expect(event.object_uids).toEqual([])
    expect(event.record_count ?? null).toBeNull()
    expect(JSON.stringify(event)).not.toContain('Lemberg')
  })

  it('joins an export and its file as one operation', () => {
    const [operation, file] = [eventOf(espocrm, EXPORT), eventOf(espocrm, FILE)]
    expect(operation.logical_op_uid).toBe(file.logical_op_uid)
    expect(file).toMatchObject({ action: 'export', object_type: 'contact', object_uids: [], bytes: 48211 })
  })

  it('ignores other attachments and unknown acts', () => {
    expect(outcomeOf(espocrm, { ...FILE, role: 'Inline Attachment' })).toMatchObject({ kind: 'ignored' })
    expect(outcomeOf(espocrm, { ...ROW, action: 'login' })).toEqual({ kind: 'ignored', type: 'login' })
  })

  it.each([
    ['missing_time', { ...ROW, createdAt: 'soon' }],
    ['missing_actor', { ...ROW, userId: null }],
    ['missing_actor', { ...EXPORT, createdById: '' }],
    ['unknown_layout', { id: 'x' }],
  ])('rejects with %s', (reason, row) => {
    expect(outcomeOf(espocrm, row)).toMatchObject({ kind: 'rejected', reason })
  })
})
