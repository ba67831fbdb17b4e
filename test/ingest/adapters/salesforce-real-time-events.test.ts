import { describe, expect, it } from 'vitest'
import { createLogicalOperations } from '../../../detectors/windows/logical-operations.ts'
import type { AdapterEvent, NativeRow } from '../../../ingest/adapters/adapter.ts'
import { redactSoql, soqlObject } from '../../../ingest/adapters/salesforce/soql.ts'
import { salesforceRealTimeEvents as adapter } from '../../../ingest/adapters/salesforce-real-time-events.ts'
import { eventOf, outcomeOf, readText } from './read-rows.ts'

const USER_18 = '0055e00000UserAAAR'
const CONTACT = '0035e00000Rec01AAB'
const REPORT = '00O5e00000Rec01EAB'
const fields = (more: NativeRow = {}): NativeRow => ({
  EventDate: '2026-03-12T13:18:46.826+0000',
  CreatedDate: '2026-03-12T13:18:56.000+0000',
  EventIdentifier: '7c1d0a00-0000-4000-8000-000000000001',
  UserId: USER_18,
  Username: 'a@example.com',
  SourceIp: '203.0.113.10',
  SessionKey: 'session',
  LoginKey: 'login',
  PolicyOutcome: null,
  ...more,
})
const stream = (type: string, more: NativeRow = {}): NativeRow => ({
  channel: `/event/${type}Stream`,
  data: { schema: 'kP1x', payload: fields(more), event: { replayId: 1 } },
})

function recordsOf(events: readonly AdapterEvent[]): number {
  const operations = createLogicalOperations()
  let sum = 0
  for (const { logical_op_uid: operation, record_count: reported = null, time } of events)
    sum += operation
      ? operations.add({ actor: 1, operation, time, reported, objects: [], uses: ['taken'], countsUnsized: false })
          .taken
      : (reported ?? 0)
  return sum
}

describe('rows that describe access', () => {
  it.each<[string, NativeRow, Partial<AdapterEvent>]>([
    [
      'a report',
      stream('ReportEvent', { Operation: 'ReportRunFromLightning', ReportId: REPORT, RowsProcessed: 1050.0 }),
      { action: 'view', object_type: 'report', object_uids: [REPORT], object_uids_complete: false, record_count: 1050 },
    ],
    [
      'an export without a format',
      stream('ReportEvent', {
        Operation: 'ReportExported',
        ReportId: REPORT,
        RowsProcessed: 20680.0,
        ExportFileFormat: null,
        ColumnHeaders: '[FIRST_NAME, EMAIL]',
      }),
      {
        action: 'export',
        record_count: 20_680,
        export_format: null,
        columns: ['FIRST_NAME', 'EMAIL'],
        has_contact_fields: true,
      },
    ],
    [
      'an export by the Excel connector',
      stream('ReportEvent', { Operation: 'ReportExportedUsingExcelConnector', ColumnHeaders: 'A,B' }),
      { action: 'export', record_count: null, columns: ['A', 'B'], has_contact_fields: false },
    ],
    [
      'a list view',
      stream('ListViewEvent', {
        QueriedEntities: 'Contact',
        RowsProcessed: 50,
        Records: `{"totalSize":1000,"records":[{"Id":"${CONTACT}","Name":"Muster"}]}`,
      }),
      { action: 'list', object_type: 'contact', object_uids: [CONTACT], object_uids_complete: false, record_count: 50 },
    ],
    [
      'a query',
      stream('ApiEvent', {
        Operation: 'Query',
        QueriedEntities: 'Account, Contact',
        RowsProcessed: 0.0,
        Query: 'SELECT Id FROM Contact',
      }),
      { action: 'api_read', object_type: 'contact', record_count: 0, channel: 'api' },
    ],
    [
      'a bulk result',
      {
        ...fields({ Query: "SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Name = 'M'" }),
        attributes: { type: 'BulkApiResultEventStore' },
      },
      {
        action: 'bulk_read',
        object_type: 'account',
        record_count: null,
        channel: 'bulk',
        query_text: 'SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Name = ?',
      },
    ],
    [
      'a page, whose address need not name the record',
      stream('LightningUriEvent', {
        Operation: 'Read',
        RecordId: CONTACT,
        QueriedEntities: 'Contact',
        PageUrl: '/lightning/o/Case/new?count=1',
        PreviousPageEntityId: '0015e00000Rec01AAB',
        SourceIp: 'Salesforce.com IP',
      }),
      { action: 'view', object_type: 'contact', object_uids: [CONTACT], src_ip: null },
    ],
    [
      'a record of a custom object',
      stream('LightningUriEvent', { Operation: 'Create', RecordId: 'a005e00000Rec01AAB', QueriedEntities: 'Guest__c' }),
      { action: 'create', object_type: 'unknown' },
    ],
    [
      'a list page',
      stream('LightningUriEvent', { Operation: 'Read', RecordId: null, PageUrl: '/lightning/o/Lead/list' }),
      { action: 'list', object_type: 'lead' },
    ],
    [
      'a page of Classic',
      stream('UriEvent', {
        Operation: 'Read',
        OperationStatus: 'Success',
        RecordId: CONTACT,
        QueriedEntities: 'Contact',
        Name: 'Muster',
      }),
      { action: 'view', object_uids: [CONTACT], logical_op_uid: null },
    ],
    [
      'a file',
      {
        channel: '/event/FileEvent',
        data: { payload: fields({ FileAction: 'UI_DOWNLOAD', DocumentId: '0695e00000Rec01AAA', ContentSize: 91234 }) },
      },
      { action: 'download', object_type: 'file', bytes: 91_234 },
    ],
    ['a login', stream('LoginEvent', { Status: 'Success' }), { action: 'login', outcome: 'success' }],
    ['a failed login', stream('LoginEvent', { Status: 'Password Lockout' }), { action: 'login', outcome: 'failure' }],
    [
      'what a policy blocked',
      stream('ReportEvent', { Operation: 'ReportExported', PolicyOutcome: 'Block' }),
      { action: 'export', outcome: 'failure' },
    ],
  ])('%s', (_name, native, event) => {
    expect(eventOf(adapter, native)).toMatchObject({
      actor_uid: USER_18,
      actor_name: 'a@example.com',
      time: Date.UTC(2026, 2, 12, 13, 18, 46, 826),
      ...event,
    })
  })
})

describe('rows that describe none', () => {
  it.each<[string, NativeRow, string]>([
    ['a logout', stream('LogoutEvent'), 'LogoutEvent'],
    [
      'a step of verification, which is no login',
      {
        channel: '/event/IdentityVerificationEvent',
        data: { payload: fields({ Status: 'Succeeded', VerificationMethod: 'Totp' }) },
      },
      'IdentityVerificationEvent',
    ],
    [
      'the same without a type',
      fields({ Status: 'Succeeded', VerificationMethod: 'Totp' }),
      'IdentityVerificationEvent',
    ],
    ['a logout that names no type', fields({ SessionLevel: 'STANDARD', RelatedEventIdentifier: null }), 'LogoutEvent'],
    ['a detection', stream('ApiAnomalyEvent', { Score: 0.9 }), 'ApiAnomalyEvent'],
    ['a message of the transport', { channel: '/meta/connect', successful: true }, '/meta/connect'],
    [
      'a query on set-up',
      stream('ApiEvent', { Operation: 'Query', QueriedEntities: 'User, Profile', RowsProcessed: 3 }),
      'ApiEvent',
    ],
    [
      'a set-up page',
      stream('LightningUriEvent', { Operation: 'Read', PageUrl: '/lightning/setup/SetupOneHome/home' }),
      'LightningUriEvent',
    ],
    [
      'a change of the set-up',
      { attributes: { type: 'SetupAuditTrail' }, Action: 'createduser', Section: 'Manage Users', Display: 'x' },
      'SetupAuditTrail',
    ],
    [
      'a change of the set-up, by a collector',
      { action: 'groupMembership', section: null, display: 'x', delegate_user: null, record_id: 'x' },
      'SetupAuditTrail',
    ],
    ['a type of the log files', fields({ EVENT_TYPE: 'OAuthTokenRevoked' }), 'OAuthTokenRevoked'],
  ])('%s', (_name, native, type) => {
    expect(outcomeOf(adapter, native)).toEqual({ kind: 'ignored', type })
  })
})

describe('rows that cannot be read', () => {
  it.each<[string, NativeRow, string]>([
    ['no time', stream('ReportEvent', { EventDate: null, CreatedDate: 'x' }), 'missing_time'],
    ['nobody', stream('ReportEvent', { UserId: null, Username: '' }), 'missing_actor'],
    ['nothing known', { a: 1 }, 'unknown_layout'],
    ['access of the log files', fields({ EVENT_TYPE: 'Report', ORIGIN: 'ReportExported' }), 'unsupported_type'],
  ])('%s', (_name, native, reason) => {
    expect(outcomeOf(adapter, native)).toMatchObject({ kind: 'rejected', reason })
  })
})

describe('counting traps', () => {
  it.each(['ReportEvent', 'ListViewEvent'])(
    '1: chunks of a %s repeat the number and count once, in any order',
    (type) => {
      const chunk = (Sequence: number) =>
        eventOf(
          adapter,
          stream(type, {
            Operation: 'ReportExported',
            RowsProcessed: 20680.0,
            ExecutionIdentifier: 'a50a4025-0000-4000-8000-000000000001',
            Sequence,
          }),
        )
      for (const order of [[1, 2, 3], [51, 4], [9]]) expect(recordsOf(order.map(chunk))).toBe(20_680)
      expect(chunk(51).chunk_seq).toBe(51)
    },
  )

  it('4: QueryMore repeats the query’s total', () => {
    const call = (more: NativeRow) =>
      eventOf(
        adapter,
        stream('ApiEvent', {
          Query: 'SELECT Id FROM Contact',
          QueriedEntities: 'Contact',
          RowsProcessed: 1_000_364.0,
          ...more,
        }),
      )
    const [first, page, bare] = [
      call({ Operation: 'Query' }),
      call({ Operation: 'QueryMore', RowsReturned: 2000 }),
      call({ Operation: 'QueryMore' }),
    ]
    expect([page.record_count, bare.record_count]).toEqual([2000, null])
    expect(recordsOf([bare, page, first, page, bare])).toBe(1_000_364)
  })

  it('4: one and the same small query, run again, counts again', () => {
    const query = stream('ApiEvent', { Operation: 'Query', Query: 'SELECT Id FROM Contact LIMIT 1', RowsProcessed: 1 })
    expect(recordsOf([eventOf(adapter, query), eventOf(adapter, query)])).toBe(2)
  })

  it('5: the literal is no address, and an asynchronous report carries neither session nor address', () => {
    const report = (more: NativeRow) =>
      eventOf(adapter, stream('ReportEvent', { Operation: 'ReportExportedAsynchronously', ...more }))
    expect(report({ SourceIp: 'Salesforce.com IP' }).src_ip).toBeNull()
    const bare = report({ SourceIp: null, SessionKey: null, LoginKey: null })
    expect(bare).toMatchObject({ action: 'export', src_ip: null, session_uid: null })
  })

  it('6: RowsProcessed comes as a float, an empty one is unknown, a 0 is 0', () => {
    const counts = [20680.0, '20680.0', null, undefined, '', 0].map(
      (RowsProcessed) =>
        eventOf(adapter, stream('ReportEvent', { Operation: 'ReportExported', RowsProcessed })).record_count,
    )
    expect(counts).toEqual([20_680, 20_680, null, null, null, 0])
  })

  it('7: totalSize inside Records is no count', () => {
    const native = stream('ListViewEvent', { Records: '{"totalSize":1000,"records":[]}' })
    expect(eventOf(adapter, native).record_count).toBeNull()
  })

  it('an update that was Initiated and then Success is one operation', () => {
    const change = (more: NativeRow) =>
      eventOf(adapter, stream('UriEvent', { Operation: 'Update', RecordId: CONTACT, ...more }))
    const initiated = change({ OperationStatus: 'Initiated' })
    const done = change({
      OperationStatus: 'Success',
      EventIdentifier: 'other',
      RelatedEventIdentifier: '7c1d0a00-0000-4000-8000-000000000001',
    })
    expect(initiated.logical_op_uid).toBe(done.logical_op_uid)
  })

  it('a bulk result has no count: it stays unknown', async () => {
    const line = JSON.stringify(stream('BulkApiResultEvent', { Query: 'SELECT Id FROM Contact' }))
    expect(await readText(adapter, line)).toMatchObject([
      { events: [{ record_count: null, record_count_basis: 'unknown' }] },
    ])
  })
})

describe('other forms of the same rows', () => {
  const own = { Operation: 'ReportExported', ReportId: REPORT, RowsProcessed: 7, ExecutionIdentifier: 'x1' }
  const expected = eventOf(adapter, stream('ReportEvent', own))

  it.each<[string, NativeRow, NativeRow]>([
    [
      'the Pub/Sub form',
      {
        schema: 'kP1x',
        payload: { ...fields(own), attributes: { type: 'ReportEvent' } },
        event: { EventUuid: 'u', replayId: 2 },
      },
      {},
    ],
    [
      'the Pub/Sub form without a type',
      { schema: 'kP1x', payload: fields(own), event: { replayId: 2 } },
      { type: 'ReportEventStream' },
    ],
    [
      'unions of Avro and a time in ms',
      {
        payload: {
          ...fields(own),
          EventDate: { long: Date.UTC(2026, 2, 12, 13, 18, 46, 826) },
          Operation: { string: 'ReportExported' },
          RowsProcessed: { double: 7 },
        },
      },
      { type: 'ReportEvent' },
    ],
    ['a row of a big object', { ...fields(own), attributes: { type: 'ReportEventStore' } }, {}],
    ['a row that names no type', fields(own), {}],
    [
      'an envelope of a collector',
      { '@timestamp': 'x', message: JSON.stringify({ ...fields(own), attributes: { type: 'ReportEvent' } }) },
      {},
    ],
    [
      'lower-cased fields',
      {
        attributes: { type: 'ReportEvent' },
        ...Object.fromEntries(
          Object.entries(fields(own)).map(([key, value]) => [
            key.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase(),
            value,
          ]),
        ),
      },
      {},
    ],
  ])('%s', (_name, native, options) => {
    expect(eventOf(adapter, native, options)).toEqual(expected)
  })

  it('columns under the log files’ names', () => {
    const native = {
      EVENT_TYPE: 'BulkApiResultEventStore',
      TIMESTAMP_DERIVED: '2026-03-12 13:18:46.826',
      EVENT_DATE: '2026-03-12',
      USER_ID: '0055e00000UserA',
      USER_NAME: 'a@example.com',
      ENTITY_NAME: 'Contact',
      RECORDS_PROCESSED: 150000,
    }
    expect(eventOf(adapter, native)).toMatchObject({
      action: 'bulk_read',
      actor_uid: USER_18,
      time: expected.time,
      object_type: 'contact',
      record_count: 150_000,
    })
    expect(eventOf(adapter, { ...native, OPERATION_TYPE: 'delete' }).action).toBe('delete')
    expect(eventOf(adapter, { ...native, EVENT_TYPE: 'Login' })).toMatchObject({ action: 'login', actor_uid: USER_18 })
  })

  it('a login that was queried', () => {
    const native = {
      attributes: { type: 'LoginHistory' },
      UserId: USER_18,
      LoginTime: '2026-03-12T13:18:46.000+0000',
      LoginType: 'Application',
      Status: 'Invalid Password',
      SourceIp: '203.0.113.10',
    }
    expect(eventOf(adapter, native)).toMatchObject({ action: 'login', outcome: 'failure', src_ip: '203.0.113.10' })
  })

  it("a table of Sentinel's, exported by the portal: all types' columns, and times month first", () => {
    const { EventDate: _date, CreatedDate: _created, ...rest } = fields(own)
    const native = {
      'TimeGenerated [UTC]': '3/12/2026, 1:20:00.000 PM',
      EventType: 'ReportEvent',
      'EventDate [UTC]': '3/12/2026, 1:18:46.826 PM',
      'CreatedDate [UTC]': '3/12/2026, 1:18:56.000 PM',
      ...{ FileAction: '', ListViewId: '', VerificationMethod: '', DelegatedUsername: '', OperationStatus: '' },
      ...rest,
    }
    expect(eventOf(adapter, native)).toEqual(expected)
    const { EventType: _type, ...untyped } = native
    expect(eventOf(adapter, untyped)).toEqual(expected)
  })

  it('takes a list of records inside an event for no rows of the log', async () => {
    const line = JSON.stringify({
      ...fields(own),
      EventType: 'ReportEvent',
      Records: [{ Id: CONTACT }, { Id: CONTACT }],
    })
    expect(await readText(adapter, line)).toMatchObject([{ events: [{ record_count: expected.record_count }] }])
  })

  it('fields of fields under flat names', () => {
    const flat = {
      channel: '/event/ReportEventStream',
      'data.schema': 'kP1x',
      'data.event.replayId': '1',
      ...Object.fromEntries(Object.entries(fields(own)).map(([key, value]) => [`data.payload.${key}`, value])),
    }
    expect(eventOf(adapter, flat)).toEqual(expected)
  })

  it('takes the tenant of the configuration', async () => {
    const line = JSON.stringify(stream('ReportEvent', own))
    expect(await readText(adapter, line, { org: 'acme' })).toMatchObject([{ events: [{ org_uid: 'acme' }] }])
    expect(await readText(adapter, line)).toMatchObject([{ events: [{ org_uid: 'default' }] }])
  })
})

it('keeps no cells, names and literals', () => {
  const secret = {
    Name: 'Erika Muster',
    Description: 'Erika',
    FilterCriteria: "'Erika'",
    Records: '{"rows":[{"datacells":["Erika"]}]}',
    Query: "SELECT Id FROM Contact WHERE Name = 'Erika'",
    FileName: 'Erika.xlsx',
    FileAction: 'UI_DOWNLOAD',
    QueriedEntities: 'Contact',
    RecordId: CONTACT,
  }
  for (const type of ['ReportEvent', 'ListViewEvent', 'ApiEvent', 'BulkApiResultEvent', 'UriEvent', 'FileEvent']) {
    const operation = type === 'UriEvent' ? 'Read' : 'Query'
    expect(JSON.stringify(eventOf(adapter, stream(type, { ...secret, Operation: operation })))).not.toMatch(
      /Erika|Muster/,
    )
  }
})

describe('SOQL', () => {
  it.each([
    ['SELECT Id FROM Contact', 'Contact'],
    ['Select name, record, status__c, from Account where x > 2023-01-01T12:00:00Z', 'Account'],
    ['SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'Account'],
    ["SELECT Id FROM Lead WHERE Name = 'x) FROM Contact'", 'Lead'],
    ["SELECT Id FROM Lead WHERE Name = 'it\\'s from Contact'", 'Lead'],
    ['SELECT Id, (SELECT Id FROM Contacts', null],
    ['nonsense', null],
    [null, null],
  ])('%j reads from %j', (query, object) => expect(soqlObject(query)).toBe(object))

  it.each([
    ["WHERE Name = 'Erika' AND Phone LIKE '+49%'", 'WHERE Name = ? AND Phone LIKE ?'],
    ["WHERE Name = 'Erika", 'WHERE Name = ?'],
    ['FIND {Erika} RETURNING Contact', 'FIND ? RETURNING Contact'],
    ['WHERE Amount > 12.5 LIMIT 200', 'WHERE Amount > ? LIMIT ?'],
  ])('%j is shown as %j', (query, shown) => expect(redactSoql(query)).toBe(shown))
})
