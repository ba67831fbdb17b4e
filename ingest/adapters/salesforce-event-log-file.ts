import { Type } from 'typebox'
import { defineAdapter, ignored, type NativeRow, rejected } from './adapter.ts'
import { cleanText } from './clean-text.ts'
import { insideEnvelope, isFields } from './salesforce/collector-envelope.ts'
import { readApi, readBulkApi, readBulkApi2 } from './salesforce/event-log-api.ts'
import {
  readAttachmentDownload,
  readContentDistribution,
  readContentTransfer,
  readDocumentLink,
} from './salesforce/event-log-files.ts'
import { readLogin, readLoginAs } from './salesforce/event-log-logins.ts'
import { readPageView, readSearch, readSearchClick, readUri } from './salesforce/event-log-pages.ts'
import { readAnalyticsDownload, readDashboard, readReport, readReportExport } from './salesforce/event-log-reports.ts'
import { readRestApi } from './salesforce/event-log-rest.ts'
import { eventLogKey, type ReadEventLogRow } from './salesforce/event-log-row.ts'
import { createSobject, ObjectOptions } from './salesforce/sobject.ts'

/** The event types that describe access. All others are ignored, whatever they are. */
const READERS: Readonly<Record<string, ReadEventLogRow>> = {
  API: readApi,
  RestApi: readRestApi,
  BulkApi: readBulkApi,
  BulkApi2: readBulkApi2,
  BulkApiResultEvent: readBulkApi2,
  BulkApiResultEventStore: readBulkApi2,
  Report: readReport,
  AsyncReportRun: readReport,
  ReportExport: readReportExport,
  Dashboard: readDashboard,
  MultiBlockReport: readDashboard,
  WaveDownload: readAnalyticsDownload,
  LightningPageView: readPageView,
  URI: readUri,
  Search: readSearch,
  SearchClick: readSearchClick,
  ContentTransfer: readContentTransfer,
  ContentDocumentLink: readDocumentLink,
  ContentDistribution: readContentDistribution,
  DocumentAttachmentDownloads: readAttachmentDownload,
  Login: readLogin,
  LoginAs: readLoginAs,
}
const TYPES = new Map(Object.keys(READERS).map((type) => [type.toLowerCase(), type]))

/** Event Log Objects that are called otherwise than the log files' type. */
const OBJECT_TYPES: ReadonlyMap<string, string> = new Map([
  ['soapapi', 'API'],
  ['analyticsdownload', 'WaveDownload'],
  ['docattachmentdownloads', 'DocumentAttachmentDownloads'],
])

/** Columns by which rows without EVENT_TYPE are told, in this order. */
const TELLING: readonly (readonly [type: string, ...columns: string[]])[] = [
  ['BulkApi2', 'JOB_ID', 'JOB_STATUS'],
  ['BulkApi', 'JOB_ID', 'BATCH_ID'],
  ['Report', 'REPORT_ID', 'ROW_COUNT'],
  ['LightningPageView', 'PAGE_URL', 'PREVPAGE_URL'],
  ['API', 'METHOD_NAME', 'API_TYPE'],
  ['RestApi', 'METHOD', 'STATUS_CODE', 'URI'],
  ['SearchClick', 'CLICKED_RECORD_ID'],
  ['Search', 'SEARCH_QUERY', 'PREFIXES_SEARCHED'],
  ['LoginAs', 'DELEGATED_USER_ID'],
  ['Login', 'LOGIN_STATUS'],
  ['URI', 'REFERRER_URI'],
]

export const salesforceEventLogFile = defineAdapter({
  name: 'salesforce-event-log-file',
  title: 'Salesforce EventLogFile',
  product: 'salesforce',
  options: Type.Object({
    type: Type.String({
      default: '',
      description: 'Event type of rows that name none, such as Report, as in answers to SOQL queries.',
    }),
    ...ObjectOptions.properties,
  }),
  lists: ['records', 'result.records'],
  keyOf: eventLogKey,
  create(options) {
    const sobject = createSobject(options)
    return (given) => {
      const row = unwrapped(given)
      const type = typeOf(row, options.type)
      if (type === null) return rejected('unknown_layout', 'EVENT_TYPE is missing, and no column tells the type')
      const known = TYPES.get(type.toLowerCase())
      return known === undefined ? ignored(type) : READERS[known]({ row, type: known, sobject })
    }
  },
})

const WORD = /^[A-Za-z][\w .-]{0,59}$/

function typeOf(row: NativeRow, configured: string): string | null {
  const named = cleanText(row.EVENT_TYPE)
  if (named !== null) return WORD.test(named) ? named : '(unnamed)'
  const object = isFields(row.ATTRIBUTES) ? cleanText(row.ATTRIBUTES.type) : null
  if (object !== null && WORD.test(object)) {
    const short = object.replace(/EventLog$/i, '')
    return OBJECT_TYPES.get(short.toLowerCase()) ?? short
  }
  if (configured !== '') return OBJECT_TYPES.get(configured.toLowerCase()) ?? configured
  return TELLING.find(([, ...columns]) => columns.every((column) => row[column] !== undefined))?.[0] ?? null
}

/** The row itself, out of the envelope that a collector has put it into. */
function unwrapped(row: NativeRow): NativeRow {
  if (isRow(row)) return row
  for (const inner of insideEnvelope(row)) {
    const renamed: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(inner)) renamed[eventLogKey(key)] ??= value
    if (isRow(renamed)) return renamed
  }
  return row
}

const isRow = (row: NativeRow): boolean =>
  row.EVENT_TYPE !== undefined || row.USER_ID !== undefined || row.USER_ID_DERIVED !== undefined
