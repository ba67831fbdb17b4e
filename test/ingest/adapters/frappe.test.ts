import { describe, expect, it } from 'vitest'
import { frappe } from '../../../ingest/adapters/frappe.ts'
import { eventOf, outcomeOf } from './read-rows.ts'

const ROW = {
  name: 'a1b2c3d4e5',
  user: 'olga@salon.example',
  export_from: 'Contact',
  reference_document: null,
  timestamp: '2026-11-20 15:00:01.120000',
  file_type: 'CSV',
  report_name: null,
  filters: null,
  columns: null,
  method: null,
}

describe('frappe', () => {
  it('reads an export, whose count is not known', () => {
    const event = eventOf(frappe, ROW, { time_zone: 'Asia/Kolkata' })
    expect(event).toMatchObject({
      time: Date.UTC(2026, 10, 20, 9, 30, 1, 120),
      actor_uid: 'olga@salon.example',
      action: 'export',
      object_type: 'contact',
      object_uids: [],
      export_format: 'csv',
    })
    expect(event.record_count ?? null).toBeNull()
  })

  it.each([
    ['print', { method: 'Print', file_type: 'PDF', reference_document: 'D1' }, ['D1']],
    ['print', { method: 'PDF', file_type: 'PDF', reference_document: 'D1' }, ['D1']],
    ['export', { method: 'PDF', file_type: 'PDF' }, []],
    ['export', { method: 'Contact' }, []],
    ['download', { export_from: 'File', reference_document: 'f1', file_type: 'pdf' }, ['f1']],
    ['export', { export_from: null, file_type: null, report_name: 'Backup' }, []],
    ['view', { file_type: null, reference_document: 'D1' }, ['D1']],
  ])('takes for %s: %o', (action, change, object_uids) => {
    expect(eventOf(frappe, { ...ROW, ...change })).toMatchObject({ action, object_uids })
  })

  it.each([
    `{'name': ('in', ['CUST-1', 'CUST-2'])}`,
    '{"name":["in",["CUST-1","CUST-2"]]}',
    '[["Contact","name","in",["CUST-1","CUST-2"]]]',
    '[["name","in",["CUST-1","CUST-2"]]]',
  ])('reads the records chosen by hand out of %s', (filters) => {
    expect(eventOf(frappe, { ...ROW, filters }).object_uids).toEqual(['CUST-1', 'CUST-2'])
  })

  it.each(['[["Contact","first_name","like","%Lemberg%"]]', '{"name":["in",["CUST-1"]],"city":"Lemberg"}', '{', '[]'])(
    'takes nothing from other filters: %s',
    (filters) => {
      const event = eventOf(frappe, { ...ROW, filters })
      expect(event.object_uids).toEqual([])
      expect(JSON.stringify(event)).not.toContain('Lemberg')
    },
  )

  it("reads the list's own CSV export", () => {
    const row = { ID: 'a', User: 'olga@salon.example', 'Export From': 'Lead', Timestamp: '2026-11-20 15:00:01' }
    expect(eventOf(frappe, { ...row, 'File Type': 'CSV' })).toMatchObject({ action: 'export', object_type: 'lead' })
  })

  it('takes a report without a doctype for a report', () => {
    const row = { ...ROW, export_from: null, report_name: 'Customer Ledger Summary', method: 'Print' }
    expect(eventOf(frappe, row)).toMatchObject({ action: 'print', object_type: 'report', object_uids: [] })
  })

  it('knows whether columns reach a person', () => {
    const columns = '{"Contact": ["first_name", "mobile_no", "phone"]}'
    expect(eventOf(frappe, { ...ROW, columns })).toMatchObject({ has_contact_fields: true })
    expect(eventOf(frappe, { ...ROW, columns: '<table>' })).toMatchObject({ columns: [], has_contact_fields: null })
  })

  it('ignores a row that names nothing', () => {
    expect(outcomeOf(frappe, { ...ROW, export_from: null, file_type: null }).kind).toBe('ignored')
  })

  it.each([
    ['missing_time', { ...ROW, timestamp: null }],
    ['missing_actor', { ...ROW, user: '' }],
    ['unknown_layout', { name: 'x' }],
  ])('rejects with %s', (reason, row) => {
    expect(outcomeOf(frappe, row)).toMatchObject({ kind: 'rejected', reason })
  })
})
