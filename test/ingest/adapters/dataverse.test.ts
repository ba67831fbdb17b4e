import { describe, expect, it } from 'vitest'
import { dataverse } from '../../../ingest/adapters/dataverse.ts'
import { eventOf, outcomeOf } from './read-rows.ts'

const ZERO = '00000000-0000-0000-0000-000000000000'
const guid = (n: number) => `${String(n).padStart(8, '0')}-1111-4222-8333-444455556666`
const ROW = {
  CreationTime: '2026-11-20T09:14:02',
  Operation: 'CrmDefaultActivity',
  OrganizationId: guid(1),
  RecordType: 21,
  Workload: 'CRM',
  ClientIP: '203.0.113.7:50749',
  UserId: 'olga@salon.example',
  UserKey: '1003200A2B3C4D5E',
  UserType: 0,
  UserAgent: 'Mozilla/5.0',
  Message: 'Retrieve',
  EntityName: 'contact',
  EntityId: guid(2),
  CorrelationId: guid(3),
  QueryResults: 'N/A',
}
const MANY = { ...ROW, Message: 'RetrieveMultiple', EntityId: ZERO }

describe('dataverse', () => {
  it('reads a single read', () => {
    expect(eventOf(dataverse, ROW)).toMatchObject({
      time: Date.UTC(2026, 10, 20, 9, 14, 2),
      actor_uid: 'olga@salon.example',
      org_uid: guid(1),
      action: 'view',
      object_type: 'contact',
      object_uids: [guid(2)],
      src_ip: '203.0.113.7',
      channel: 'ui',
    })
  })

  it.each([
    ['RetrieveMultiple', 'list'],
    ['RetrieveEntitiesForAggregateQuery', 'list'],
    ['RetrievePersonalWall', 'list'],
    ['ExecuteFetch', 'list'],
    ['SearchByTitleKbArticle', 'search'],
    ['ExportToExcelOnline', 'export'],
    ['ExportPdfDocument', 'export'],
    ['ExportWordDocument', 'export'],
    ['ExecutePowerBISql', 'api_read'],
    ['Delete', 'delete'],
    ['BulkDelete', 'delete'],
    ['Update', 'update'],
    ['Assign', 'update'],
    ['GrantAccess', 'share'],
    ['ModifyAccess', 'share'],
    ['Create', 'create'],
    ['CompoundUpdate', 'update'],
  ])('takes %s for %s, from Message when Operation is CrmDefaultActivity', (Message, action) => {
    expect(eventOf(dataverse, { ...ROW, Message })).toMatchObject({ action, source_event_type: Message })
  })

  it('takes a login for no access to the record that the row may name', () => {
    const event = eventOf(dataverse, { ...ROW, Message: 'UserLoggedIn' })
    expect(event).toMatchObject({ action: 'login', object_type: 'unknown', object_uids: [] })
  })

  it('takes Operation where there is no Message', () => {
    expect(eventOf(dataverse, { ...ROW, Message: '', Operation: 'ExportToExcel' }).action).toBe('export')
  })

  it.each([',', ', '])('reads the ids of QueryResults divided by "%s"', (comma) => {
    const event = eventOf(dataverse, { ...MANY, QueryResults: [guid(7), guid(8), ZERO].join(comma) })
    expect(event).toMatchObject({ object_uids: [guid(7), guid(8)], object_uids_complete: true })
  })

  it('reads QueryResults that came as JSON', () => {
    expect(eventOf(dataverse, { ...MANY, QueryResults: [guid(7)] })).toMatchObject({ object_uids: [guid(7)] })
    const text = JSON.stringify([guid(7), guid(8)])
    expect(eventOf(dataverse, { ...MANY, QueryResults: text })).toMatchObject({ object_uids: [guid(7), guid(8)] })
  })

  it('knows that a list of ids that was cut off is not complete', () => {
    const cut = `${guid(7)},${guid(8).slice(0, 20)}`
    expect(eventOf(dataverse, { ...MANY, QueryResults: cut })).toMatchObject({
      object_uids: [guid(7)],
      object_uids_complete: false,
    })
  })

  it('leaves the count unknown where a set was read and no ids are given', () => {
    for (const Message of ['RetrieveMultiple', 'ExportToWord', 'ExportToExcel', 'BulkDelete'])
      for (const EntityId of [ZERO, 'N/A', guid(5)]) {
        const event = eventOf(dataverse, { ...MANY, Message, EntityId })
        expect(event.object_uids_complete).toBe(false)
        expect(event.record_count ?? null).toBeNull()
      }
  })

  it('joins the rows of a divided record and the list behind an export by CorrelationId', () => {
    const rows = [
      { ...MANY, QueryResults: guid(7) },
      { ...MANY, QueryResults: guid(8) },
      { ...MANY, Message: 'ExportToExcel', QueryResults: guid(8) },
    ]
    const events = rows.map((row) => eventOf(dataverse, row))
    expect(new Set(events.map((event) => event.logical_op_uid))).toEqual(new Set([guid(3)]))
    expect(new Set(events.flatMap((event) => event.object_uids)).size).toBe(2)
  })

  it('joins nothing by an all-zero CorrelationId', () => {
    expect(eventOf(dataverse, { ...MANY, CorrelationId: ZERO }).logical_op_uid).toBeNull()
  })

  it.each([
    ['platform jobs', { UserId: 'Unknown', UserKey: 'Unknown', EntityName: 'Unknown', UserAgent: 'crm-bts-jobs/1.0' }],
    ['platform jobs with a key', { UserId: 'Unknown', EntityName: 'Unknown', UserAgent: 'crm-bts-jobs/1.0' }],
    ['descriptions', { Message: 'RetrieveCurrentOrganization', EntityName: '' }],
    ['views of the platform', { Message: 'RetrieveMultiple', EntityName: 'savedquery' }],
    ['customising', { Message: 'ExportSolution' }],
    ['publishing', { Message: 'PublishXml' }],
    ['other services', { RecordType: 6, Workload: 'SharePoint', Message: undefined, Operation: 'FileAccessed' }],
    ['an operation without a message', { Message: undefined }],
  ])('ignores %s', (_, change) => {
    expect(outcomeOf(dataverse, { ...ROW, ...change }).kind).toBe('ignored')
  })

  it('takes the actor from what is there', () => {
    const without = { ...ROW, UserId: 'Unknown', SystemUserId: guid(9), UserUpn: 'N/A' }
    expect(eventOf(dataverse, without).actor_uid).toBe(guid(9))
    const both = { ...ROW, UserId: guid(9), UserUpn: 'olga@salon.example' }
    expect(eventOf(dataverse, both)).toMatchObject({ actor_uid: guid(9), actor_name: 'olga@salon.example' })
    expect(eventOf(dataverse, both, { actor_field: 'UserUpn' }).actor_uid).toBe('olga@salon.example')
    expect(eventOf(dataverse, { ...ROW, UserType: 'ServicePrincipal' }).actor_type).toBe('integration')
  })

  it('opens the envelopes of collectors', () => {
    const AuditData = JSON.stringify(ROW)
    const direct = eventOf(dataverse, ROW)
    expect(eventOf(dataverse, { RecordType: 'CRM', CreationDate: 'x', UserIds: 'y', AuditData })).toEqual(direct)
    expect(eventOf(dataverse, { '@timestamp': '2026-11-20T10:00:00Z', o365: { audit: ROW } })).toEqual(direct)
    expect(eventOf(dataverse, { _raw: AuditData })).toEqual(direct)
  })

  it("reads the times of the portal's CSV files", () => {
    const { CreationTime, ...row } = ROW
    const time = (text: string) => eventOf(dataverse, { ...row, 'TimeGenerated [UTC]': text }).time
    expect(time('11/20/2026, 2:15:30.123 PM')).toBe(Date.UTC(2026, 10, 20, 14, 15, 30, 123))
    expect(time('2/3/2026, 12:00:01 AM')).toBe(Date.UTC(2026, 1, 3, 0, 0, 1))
    expect(time('2026-11-20T14:15:30.123Z')).toBe(Date.UTC(2026, 10, 20, 14, 15, 30, 123))
  })

  it("keeps the query's columns and none of its values", () => {
    const Query =
      '<fetch><entity name="contact"><attribute name="emailaddress1"/><filter><condition attribute="lastname" operator="eq" value="Lemberg"/></filter></entity></fetch>'
    const event = eventOf(dataverse, { ...MANY, EntityName: 'Unknown', Query })
    expect(event).toMatchObject({ columns: ['emailaddress1'], has_contact_fields: true, object_type: 'contact' })
    expect(JSON.stringify(event)).not.toContain('Lemberg')
  })

  it('knows own tables by configuration', () => {
    const row = { ...ROW, EntityName: 'north_Client' }
    expect(eventOf(dataverse, row).object_type).toBe('unknown')
    expect(eventOf(dataverse, row, { contact_objects: 'x, north_client' }).object_type).toBe('contact')
  })

  it('takes the table of an export from the query when the row names the view', () => {
    const Query = '<fetch><entity name="lead"><attribute name="subject"/></entity></fetch>'
    const row = { ...MANY, Message: 'ExportToExcel', EntityName: 'savedquery', Query }
    expect(eventOf(dataverse, row)).toMatchObject({ action: 'export', object_type: 'lead' })
  })

  it.each([
    ['missing_time', { CreationTime: '' }],
    ['missing_actor', { UserId: '', UserKey: '' }],
    ['unknown_layout', { Message: undefined, Operation: undefined }],
  ])('rejects with %s', (reason, change) => {
    expect(outcomeOf(dataverse, { ...ROW, ...change })).toMatchObject({ kind: 'rejected', reason })
  })
})
