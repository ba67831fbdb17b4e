import { describe, expect, it } from 'vitest'
import { createLogicalOperations } from '../../../detectors/windows/logical-operations.ts'
import type { AdapterEvent, NativeRow } from '../../../ingest/adapters/adapter.ts'
import { salesforceEventLogFile as adapter } from '../../../ingest/adapters/salesforce-event-log-file.ts'
import { eventOf, outcomeOf, readText } from './read-rows.ts'

const USER = '0055e00000UserA'
const USER_18 = '0055e00000UserAAAR'
const row = (type: string, more: NativeRow = {}): NativeRow => ({
  EVENT_TYPE: type,
  TIMESTAMP: '20260312090007.949',
  TIMESTAMP_DERIVED: '2026-03-12T09:00:07.949Z',
  REQUEST_ID: 'TID:1',
  ORGANIZATION_ID: '00D5e000000Tst1',
  USER_ID: USER,
  USER_ID_DERIVED: USER_18,
  SESSION_KEY: 'session',
  CLIENT_IP: '203.0.113.10',
  ...more,
})
const CONTACT = '0035e00000Rec01AAB'
const REPORT = '00O5e00000Rec01'
const REPORT_18 = '00O5e00000Rec01EAB'

/** Records that these events come to, an operation counting once. */
function recordsOf(events: readonly AdapterEvent[]): number {
  const operations = createLogicalOperations()
  let sum = 0
  for (const event of events) {
    const { time, logical_op_uid: operation } = event
    const reported = event.record_count ?? null
    const objects = (event.object_uids_complete === false ? [] : (event.object_uids ?? [])).map((_, index) => index)
    sum += operation
      ? operations.add({ actor: 1, operation, time, reported, objects, uses: ['taken'], countsUnsized: false }).taken
      : (reported ?? objects.length)
  }
  return sum
}

describe('rows that describe access', () => {
  it.each<[string, NativeRow, Partial<AdapterEvent>]>([
    [
      'a report that was run',
      row('Report', {
        REPORT_ID: REPORT,
        ROW_COUNT: '544',
        ORIGIN: 'ReportRunFromLightning',
        ENTITY_NAME: '01I5e000000zXX1',
      }),
      {
        action: 'view',
        object_type: 'report',
        object_uids: [REPORT_18],
        object_uids_complete: false,
        record_count: 544,
      },
    ],
    [
      'a report over the API',
      row('Report', { ORIGIN: 'ReportRunFromRestApi' }),
      { action: 'api_read', record_count: null },
    ],
    [
      'an export',
      row('Report', { REPORT_ID_DERIVED: REPORT_18, ROW_COUNT: '1200', ORIGIN: 'ReportExported' }),
      { action: 'export', object_uids: [REPORT_18], record_count: 1200 },
    ],
    [
      'an asynchronous export',
      row('AsyncReportRun', { ORIGIN: 'ReportExportedAsynchronously', ROW_COUNT: '9' }),
      { action: 'export', record_count: 9 },
    ],
    [
      'an Excel connector',
      row('Report', { ORIGIN: 'ReportExportedUsingExcelConnector', ROW_COUNT: '' }),
      { action: 'export', record_count: null },
    ],
    [
      'a query',
      row('API', { METHOD_NAME: 'query', ENTITY_NAME: 'Contact', ROWS_PROCESSED: '27' }),
      { action: 'api_read', object_type: 'contact', record_count: 27, channel: 'api' },
    ],
    [
      'a query without results',
      row('API', { METHOD_NAME: 'query', ENTITY_NAME: 'Lead', ROWS_PROCESSED: '0' }),
      { object_type: 'lead', record_count: 0 },
    ],
    [
      'an insert',
      row('API', { METHOD_NAME: 'insert', ENTITY_NAME: 'Account', ROWS_PROCESSED: '36' }),
      { action: 'create', object_type: 'account', record_count: 36 },
    ],
    [
      'an update',
      row('API', { METHOD_NAME: 'update', ENTITY_NAME: 'Contact', ROWS_PROCESSED: '0' }),
      { action: 'update', record_count: null },
    ],
    [
      'a failed call',
      row('API', { METHOD_NAME: 'query', ENTITY_NAME: 'Contact', EXCEPTION_MESSAGE: 'INVALID_FIELD' }),
      { outcome: 'failure', record_count: null },
    ],
    [
      'a record by REST',
      row('RestApi', { METHOD: 'GET', URI: `/services/data/v60.0/sobjects/Contact/${CONTACT}`, STATUS_CODE: '200' }),
      { action: 'api_read', object_type: 'contact', object_uids: [CONTACT] },
    ],
    [
      'a REST query',
      row('RestApi', { METHOD: 'GET', URI: '/services/data/v60.0/query', ENTITY_NAME: 'Contact', ROWS_PROCESSED: '' }),
      { action: 'api_read', record_count: null },
    ],
    [
      'a record deleted by REST',
      row('RestApi', { METHOD: 'DELETE', URI: `/services/data/v60.0/sobjects/Contact/${CONTACT}` }),
      { action: 'delete', object_uids: [CONTACT] },
    ],
    [
      'a REST failure',
      row('RestApi', { METHOD: 'GET', URI: '/services/data/v60.0/query', STATUS_CODE: '401' }),
      { outcome: 'failure' },
    ],
    [
      'a bulk query',
      row('BulkApi', {
        JOB_ID: '7505e00000Rec01',
        BATCH_ID: '7515e00000Rec01',
        ROWS_PROCESSED: '1500',
        ENTITY_TYPE: 'Contact',
        OPERATION_TYPE: 'query',
      }),
      { action: 'bulk_read', object_type: 'contact', record_count: 1500, channel: 'bulk' },
    ],
    [
      'a bulk result as one collector writes it',
      row('BulkApiResultEventStore', {
        JOB_ID: '7505e00000Rec01',
        OPERATION_TYPE: 'query',
        ENTITY_NAME: 'Account',
        RECORDS_PROCESSED: 25_000,
      }),
      { action: 'bulk_read', object_type: 'account', record_count: 25_000 },
    ],
    [
      'a record’s page',
      row('LightningPageView', {
        PAGE_ENTITY_ID: CONTACT,
        PAGE_ENTITY_TYPE: 'Contact',
        PAGE_URL: `/lightning/r/Contact/${CONTACT}/view`,
      }),
      { action: 'view', object_type: 'contact', object_uids: [CONTACT], channel: 'ui' },
    ],
    [
      'a case’s page',
      row('LightningPageView', { PAGE_ENTITY_ID: '5005e00000Rec01', PAGE_ENTITY_TYPE: 'Case' }),
      { action: 'view', object_type: 'unknown', object_uids: ['5005e00000Rec01AAB'] },
    ],
    [
      'a list, whose page before is not what was read',
      row('LightningPageView', {
        PAGE_ENTITY_ID: '',
        PAGE_ENTITY_TYPE: 'Contact',
        PAGE_CONTEXT: 'force:objectHomeDesktop',
        PAGE_URL: '/lightning/o/Contact/list?filterName=x',
        PREVPAGE_ENTITY_ID: CONTACT,
      }),
      { action: 'list', object_type: 'contact', object_uids: undefined, record_count: undefined },
    ],
    [
      'a report’s page',
      row('LightningPageView', { PAGE_ENTITY_ID: REPORT_18, PAGE_ENTITY_TYPE: 'Report' }),
      { action: 'view', object_type: 'report', object_uids_complete: false },
    ],
    [
      'a page of Classic',
      row('URI', { URI: `/${CONTACT}`, URI_ID_DERIVED: CONTACT }),
      { action: 'view', object_type: 'contact', object_uids: [CONTACT] },
    ],
    ['a list of Classic', row('URI', { URI: '/00Q/o' }), { action: 'list', object_type: 'lead' }],
    [
      'a search',
      row('Search', {
        NUM_RESULTS: '27',
        SEARCH_QUERY: '"""must*"""',
        PREFIXES_SEARCHED: '005',
        USER_ID_DERIVED: undefined,
      }),
      { action: 'search', actor_uid: USER_18, record_count: 27, query_text: undefined },
    ],
    ['a search without results', row('Search', { NUM_RESULTS: '0', PREFIXES_SEARCHED: '00B' }), { record_count: 0 }],
    [
      'a result clicked',
      row('SearchClick', { CLICKED_RECORD_ID: CONTACT.slice(0, 15) }),
      { action: 'view', object_uids: [CONTACT] },
    ],
    [
      'a file’s download',
      row('ContentTransfer', {
        TRANSACTION_TYPE: 'VersionDownloadApi',
        DOCUMENT_ID: '0695e00000Rec01',
        SIZE_BYTES: '78365',
      }),
      { action: 'download', channel: 'api', object_type: 'file', bytes: 78_365 },
    ],
    [
      'a preview',
      row('ContentTransfer', { TRANSACTION_TYPE: 'VersionRenditionDownload', DOCUMENT_ID: '0695e00000Rec01' }),
      { action: 'view', object_type: 'file' },
    ],
    [
      'an upload',
      row('ContentTransfer', { TRANSACTION_TYPE: 'saveVersion', DOCUMENT_ID: '0695e00000Rec01' }),
      { action: 'create', object_type: 'file' },
    ],
    [
      'an attachment',
      row('DocumentAttachmentDownloads', { ENTITY_ID: '0155e00000Rec01' }),
      { action: 'download', object_type: 'file' },
    ],
    [
      'a file shared',
      row('ContentDocumentLink', {
        DOCUMENT_ID: '0695e00000Rec01',
        SHARED_WITH_ENTITY_ID: '0055e00000UserB',
        SHARING_OPERATION: 'INSERT',
      }),
      { action: 'share', recipient_uids: ['0055e00000UserBAAR'] },
    ],
    [
      'a file shared, by a row that does not name the operation',
      row('ContentDocumentLink', { DOCUMENT_ID: '0695e00000Rec01', SHARED_WITH_ENTITY_ID: '0055e00000UserB' }),
      { action: 'share', recipient_uids: ['0055e00000UserBAAR'], object_type: 'file' },
    ],
    [
      'a file that is named by its version alone',
      row('ContentTransfer', { TRANSACTION_TYPE: 'VersionDownloadAction', VERSION_ID_DERIVED: '0685e00000Rec01AAA' }),
      { action: 'download', object_uids: ['0685e00000Rec01AAA'] },
    ],
    [
      'a login',
      row('Login', {
        CLIENT_IP: 'Salesforce.com IP',
        SOURCE_IP: '198.51.100.7',
        LOGIN_STATUS: 'LOGIN_NO_ERROR',
        USER_NAME: 'a@example.com',
      }),
      { action: 'login', outcome: 'success', src_ip: '198.51.100.7', actor_name: 'a@example.com' },
    ],
    ['a failed login', row('Login', { LOGIN_STATUS: 'LOGIN_OAUTH_NO_CONSUMER' }), { outcome: 'failure' }],
    [
      'a login as somebody else',
      row('LoginAs', { DELEGATED_USER_ID: '0055e00000UserB', DELEGATED_USER_NAME: 'b@example.com' }),
      { action: 'login', actor_uid: '0055e00000UserBAAR', actor_name: 'b@example.com', on_behalf_of_uid: USER_18 },
    ],
    [
      'a download of analytics',
      row('WaveDownload', { ASSET_ID: '0FK5e0000000001', RECORD_COUNT: '800', DOWNLOAD_FORMAT: 'csv' }),
      { action: 'export', record_count: 800, export_format: 'csv' },
    ],
  ])('%s', (_name, native, event) => {
    const unsaid = { object_uids: undefined, record_count: undefined, query_text: undefined }
    expect({ ...unsaid, ...eventOf(adapter, native) }).toMatchObject({
      actor_uid: USER_18,
      time: Date.UTC(2026, 2, 12, 9, 0, 7, 949),
      org_uid: '00D5e000000Tst1EAC',
      ...event,
    })
  })
})

describe('rows that describe none', () => {
  const names =
    'ApexCallout ApexExecution ApexTrigger ApexSoap ApexUnexpectedException ApexRestApi AuraRequest UniqueQuery QueuedExecution TimeBasedWorkflow MetadataApiOperation VisualforceRequest WaveChange WaveInteraction WavePerformance Logout LightningPerformance LightningInteraction LightningError Console KnowledgeArticleView Sites ApiTotalUsage PermissionUpdate SomethingNew'
  it.each(names.split(' '))('%s', (type) => {
    const pageLike = { PAGE_ENTITY_ID: CONTACT, PAGE_ENTITY_TYPE: 'Contact', NUMBER_OF_RECORDS: '13', URI: '/aura' }
    expect(outcomeOf(adapter, row(type, pageLike))).toEqual({ kind: 'ignored', type })
  })

  it.each<[string, NativeRow]>([
    [
      'the Lightning pages’ own calls',
      row('API', { CLIENT_NAME: 'SfdcInternalAPI/', METHOD_NAME: 'query', ENTITY_NAME: 'Contact' }),
    ],
    [
      'a query on set-up',
      row('API', { METHOD_NAME: 'query', ENTITY_NAME: 'PermissionSetAssignment', ROWS_PROCESSED: '4' }),
    ],
    ['a description', row('API', { METHOD_NAME: 'describe_sobjects', ENTITY_NAME: 'Contact' })],
    ['a description by REST', row('RestApi', { METHOD: 'GET', URI: '/services/data/v60.0/sobjects/Contact/describe' })],
    [
      'a chat',
      row('RestApi', { METHOD: 'POST', URI: '/services/data/v60.0/support/chatbots/x/sessions/1', ROWS_PROCESSED: '' }),
    ],
    ['limits', row('RestApi', { METHOD: 'GET', URI: '/services/data/v60.0/limits' })],
    [
      'a message of the bulk machinery',
      row('BulkApi', {
        JOB_ID: '7505e00000Rec01',
        MESSAGE: 'Inside CreateBatchOperation.enqueue',
        ROWS_PROCESSED: '',
        ENTITY_TYPE: '',
        OPERATION_TYPE: '',
      }),
    ],
    ['a home page', row('LightningPageView', { PAGE_URL: '/lightning/page/home', PAGE_CONTEXT: 'one:home' })],
    [
      'a set-up page',
      row('LightningPageView', { PAGE_URL: '/lightning/setup/ManageUsers/home', PAGE_CONTEXT: 'setup:home' }),
    ],
    [
      'a form for a new record',
      row('LightningPageView', { PAGE_URL: '/lightning/o/Contact/new', PAGE_ENTITY_TYPE: 'Contact' }),
    ],
    [
      'a colleague’s profile',
      row('LightningPageView', { PAGE_ENTITY_ID: '0055e00000UserB', PAGE_ENTITY_TYPE: 'User' }),
    ],
    [
      'an /aura call, whose referrer is not what was read',
      row('URI', { URI: '/aura', REFERRER_URI: `x/lightning/r/Contact/${CONTACT}/view` }),
    ],
    ['a set-up page of Classic', row('URI', { URI: '/00e5e0000000001', URI_ID_DERIVED: '00e5e0000000001AAA' })],
    [
      'the link of one’s own upload',
      row('ContentDocumentLink', { SHARED_WITH_ENTITY_ID: USER, SHARING_OPERATION: 'INSERT' }),
    ],
    [
      'a share that is taken back',
      row('ContentDocumentLink', { SHARED_WITH_ENTITY_ID: '0055e00000UserB', SHARING_OPERATION: 'DELETE' }),
    ],
  ])('%s', (_name, native) => {
    expect(outcomeOf(adapter, native)).toEqual({ kind: 'ignored', type: native.EVENT_TYPE })
  })
})

it('takes no name of an object’s own members for a word it knows', () => {
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    const names = { METHOD_NAME: word, ENTITY_NAME: word, OPERATION_TYPE: word, METHOD: word, ORIGIN: word }
    expect(outcomeOf(adapter, row('API', names)).kind).toBe('ignored')
    expect(outcomeOf(adapter, row('BulkApi', names)).kind).toBe('ignored')
    expect(outcomeOf(adapter, row('RestApi', names)).kind).toBe('ignored')
    expect(outcomeOf(adapter, row(word)).kind).toBe('ignored')
    expect(eventOf(adapter, row('Report', names)).action).toBe('view')
  }
})

describe('rows that name no type', () => {
  const common = {
    Timestamp: '2026-03-12T09:00:07.949+0000',
    UserIdentifier: USER_18,
    RequestIdentifier: 'TID:1',
    Uri: '/aura',
  }
  it.each<[string, NativeRow, string]>([
    [
      'a change of the set-up',
      { Action: 'createduser', Section: 'Manage Users', Display: 'x', CreatedDate: '2026-03-12T09:00:07.000+0000' },
      'SetupAuditTrail',
    ],
    [
      'a change of the set-up, by a collector',
      { action: 'groupMembership', section: null, display: 'x', delegate_user: null, record_id: USER },
      'SetupAuditTrail',
    ],
    [
      'an /aura call',
      { ...common, ActionMessage: '1$aura://RecordUiController/ACTION$getObjectInfo=4' },
      'AuraRequest',
    ],
    ['a row of some other type', { ...common, RunTime: 12 }, '(no EVENT_TYPE)'],
    [
      'the list of the files themselves',
      { Id: '0AT5e0000000001', EventType: 'Report', LogDate: '2026-03-12T00:00:00.000+0000', LogFileLength: 2000 },
      'EventLogFile',
    ],
  ])('%s', (_name, native, type) => {
    expect(outcomeOf(adapter, native)).toEqual({ kind: 'ignored', type })
  })

  it('a login that was queried', () => {
    const native = {
      attributes: { type: 'LoginHistory' },
      UserId: USER,
      LoginTime: '2026-03-12T09:00:07.000+0000',
      SourceIp: '203.0.113.10',
    }
    expect(eventOf(adapter, { ...native, Status: 'Success' })).toMatchObject({
      action: 'login',
      actor_uid: USER_18,
      src_ip: '203.0.113.10',
      outcome: 'success',
    })
    expect(eventOf(adapter, { ...native, Status: 'Invalid Password' }).outcome).toBe('failure')
  })
})

it('takes the login name for the actor where no id is given', () => {
  const nobody = { USER_ID: '', USER_ID_DERIVED: '' }
  expect(eventOf(adapter, row('Login', { ...nobody, USER_NAME: 'a@example.com' })).actor_uid).toBe('a@example.com')
  expect(eventOf(adapter, row('Login', { ...nobody, USER: 'b@example.com' })).actor_uid).toBe('b@example.com')
})

describe('rows that cannot be read', () => {
  it.each<[string, NativeRow, string]>([
    ['no time', row('Report', { TIMESTAMP: '', TIMESTAMP_DERIVED: '' }), 'missing_time'],
    ['no user', row('Report', { USER_ID: '', USER_ID_DERIVED: '' }), 'missing_actor'],
    ['LoginAs without the one who acts', row('LoginAs'), 'missing_actor'],
    ['nothing known', { a: '1', b: '2' }, 'unknown_layout'],
  ])('%s', (_name, native, reason) => {
    expect(outcomeOf(adapter, native)).toMatchObject({ kind: 'rejected', reason })
  })

  it('the header as a row', async () => {
    const header = '"EVENT_TYPE","TIMESTAMP","USER_ID"\n'
    const outcomes = await readText(adapter, header + header)
    expect(outcomes).toMatchObject([{ kind: 'rejected', reason: 'header_row' }])
  })
})

describe('counting traps', () => {
  const exported = {
    REPORT_ID: REPORT,
    URI: `/${REPORT}`,
    URI_ID_DERIVED: REPORT_18,
    REQUEST_ID: 'TID:9',
    ROW_COUNT: '544',
    ORIGIN: 'ReportExported',
  }
  const inReport = eventOf(adapter, row('Report', exported))
  const inExport = eventOf(adapter, row('ReportExport', exported))

  it('2: an export logged in both Report and ReportExport counts once, by Report', () => {
    expect(inExport).toMatchObject({ action: 'export', object_uids: [REPORT_18], object_uids_complete: false })
    expect(inExport.record_count ?? null).toBeNull()
    for (const order of [
      [inReport, inExport],
      [inExport, inReport],
    ])
      expect(recordsOf(order)).toBe(544)
  })

  it('3: BulkApi2 logs several rows per job', () => {
    const state = (JOB_STATUS: string, RECORDS_PROCESSED: string) =>
      eventOf(
        adapter,
        row('BulkApi2', {
          JOB_ID: '7505e00000Rec02',
          JOB_STATUS,
          RECORDS_PROCESSED,
          ENTITY_TYPE: 'Lead',
          OPERATION_TYPE: 'query',
        }),
      )
    const states = [state('UploadComplete', '0'), state('InProgress', '40000'), state('JobComplete', '52300')]
    expect(states[0].record_count).toBeNull()
    expect(recordsOf(states)).toBe(52_300)
    expect(recordsOf(states.reverse())).toBe(52_300)
    expect(state('JobComplete', '0').record_count).toBe(0)
  })

  it('4: query_more and query_all repeat the query’s total', () => {
    const call = (METHOD_NAME: string) =>
      eventOf(
        adapter,
        row('API', { METHOD_NAME, ENTITY_NAME: 'Lead', ROWS_PROCESSED: '100000', RESPONSE_SIZE: '296630' }),
      )
    expect(call('query_more').record_count).toBe(0)
    expect(recordsOf([call('query'), call('query_more'), call('query_more')])).toBe(100_000)
    expect(recordsOf([call('query_all'), call('query_all')])).toBe(100_000)
  })

  it('4: a further page that repeats no number is of unknown size, for the first one told none either', () => {
    const soap = row('API', { METHOD_NAME: 'query_more', ENTITY_NAME: 'Lead', ROWS_PROCESSED: '' })
    const rest = row('RestApi', { METHOD: 'GET', URI: '/services/data/v60.0/query/01g5e00000Loc01AAA-2000' })
    for (const page of [soap, rest]) expect(eventOf(adapter, page).record_count).toBeNull()
  })

  it('4: queries of few rows are never taken for pages of one', () => {
    const one = eventOf(adapter, row('API', { METHOD_NAME: 'query_all', ENTITY_NAME: 'Contact', ROWS_PROCESSED: '1' }))
    expect(recordsOf([one, one, one])).toBe(3)
  })

  it('4: a further page of a REST query repeats the total as well', () => {
    const more = row('RestApi', {
      METHOD: 'GET',
      URI: '/services/data/v60.0/query/01g5e00000Loc01AAA-2000',
      ROWS_PROCESSED: '9000',
    })
    expect(eventOf(adapter, more)).toMatchObject({ record_count: 0, logical_op_uid: 'query:01g5e00000Loc01AAA' })
  })

  it('5: the address can be empty or a literal', () => {
    expect(eventOf(adapter, row('Report', { CLIENT_IP: '' })).src_ip).toBeNull()
    expect(eventOf(adapter, row('Report', { CLIENT_IP: 'Salesforce.com IP' })).src_ip).toBeNull()
  })

  it('6: an empty count is unknown, a 0 is 0', () => {
    const counts = ['', '0', '20680.0', undefined].map(
      (ROW_COUNT) => eventOf(adapter, row('Report', { ROW_COUNT })).record_count,
    )
    expect(counts).toEqual([null, 0, 20_680, null])
  })

  it('7: API_TOTAL_COUNT and NUMBER_OF_RECORDS of TimeBasedWorkflow are no counts', () => {
    expect(eventOf(adapter, row('API', { METHOD_NAME: 'query', API_TOTAL_COUNT: '12' })).record_count).toBeNull()
    expect(outcomeOf(adapter, row('TimeBasedWorkflow', { NUMBER_OF_RECORDS: '13' })).kind).toBe('ignored')
  })

  it('an unknown count is never taken for the one report that is named', async () => {
    const line = JSON.stringify(row('ReportExport', exported))
    const [outcome] = await readText(adapter, line)
    expect(outcome).toMatchObject({
      events: [{ object_uids: [REPORT_18], record_count: null, record_count_basis: 'unknown' }],
    })
  })

  it('REQUEST_ID is no key: rows that share it are different events', async () => {
    const rows = [row('Report', exported), row('Report', { ...exported, ROW_COUNT: '545' }), row('Report', exported)]
    const lines = rows.map((one) => `${JSON.stringify(one)}\n`).join('')
    const outcomes = await readText(adapter, lines)
    const uids = outcomes.flatMap((outcome) =>
      outcome.kind === 'events' ? outcome.events.map((event) => event.event_uid) : [],
    )
    expect(new Set(uids).size).toBe(2)
    expect(uids[0]).toBe(uids[2])
  })
})

describe('other forms of the same rows', () => {
  const native = row('Report', { REPORT_ID: REPORT, ROW_COUNT: '544', ORIGIN: 'ReportExported' })
  const expected = eventOf(adapter, native)

  it.each<[string, NativeRow]>([
    ['lower-cased keys', Object.fromEntries(Object.entries(native).map(([key, value]) => [key.toLowerCase(), value]))],
    [
      'keys with type suffixes',
      Object.fromEntries(Object.entries(native).map(([key, value]) => [`${key.toLowerCase()}_s`, value])),
    ],
    ['a time with a blank and no zone', { ...native, TIMESTAMP: '2026-03-12 09:00:07.949', TIMESTAMP_DERIVED: '' }],
    [
      'a file that a portal of Microsoft exported',
      { ...native, TIMESTAMP: '', TIMESTAMP_DERIVED: '', 'TimestampDerived [UTC]': '3/12/2026, 9:00:07.949 AM' },
    ],
    ['an envelope', { _index: 'logs', _source: native }],
    ['an envelope of text', { _raw: JSON.stringify(native) }],
    ['additions of a collector', { ...native, user_id_LOOKUP: 'x', p_event_time: 'x', user_email: 'a@example.com' }],
  ])('%s', (_name, other) => {
    expect({ ...eventOf(adapter, other), actor_name: null }).toEqual(expected)
  })

  it('Event Log Objects', () => {
    const object = {
      attributes: { type: 'ReportEventLog' },
      Timestamp: '2026-03-12T09:00:07.949+0000',
      UserIdentifier: USER_18,
      ClientIp: '203.0.113.10',
      SessionKey: 'session',
      RequestIdentifier: 'TID:1',
      ReportIdentifier: REPORT,
      RowCount: 544,
      Origin: 'ReportExported',
    }
    expect({ ...eventOf(adapter, object), org_uid: expected.org_uid }).toEqual(expected)
    const { attributes, ...bare } = object
    expect(attributes.type).toBe('ReportEventLog')
    expect(eventOf(adapter, bare).action).toBe('export')
    expect(
      eventOf(adapter, { ...bare, RowCount: undefined, ReportIdentifier: undefined }, { type: 'Report' }).action,
    ).toBe('export')
  })
})

it('takes columns and format of a report’s description, and no values of its filters', () => {
  const description =
    '?runReportJson=%7B%22reportMetadata%22%3A%7B%22detailColumns%22%3A%5B%22FIRST_NAME%22%2C%22PHONE1%22%5D%2C%22reportFilters%22%3A%5B%7B%22value%22%3A%22Erika+Muster%22%7D%5D%7D%7D&xf=csv'
  const event = eventOf(adapter, row('ReportExport', { URI: `/${REPORT_18}`, REPORT_DESCRIPTION: description }))
  expect(event).toMatchObject({ columns: ['FIRST_NAME', 'PHONE1'], has_contact_fields: true, export_format: 'csv' })
  expect(JSON.stringify(event)).not.toMatch(/Erika|Muster/)
})

it('takes custom objects for what the options say', () => {
  const native = row('API', { METHOD_NAME: 'query', ENTITY_NAME: 'Customer__c', ROWS_PROCESSED: '5' })
  expect(eventOf(adapter, native).object_type).toBe('unknown')
  expect(eventOf(adapter, native, { contact_objects: 'Guest__c, customer__c' }).object_type).toBe('contact')
})
