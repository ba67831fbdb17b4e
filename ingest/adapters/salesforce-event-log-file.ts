import { Type } from 'typebox'
import { defineAdapter, ENVELOPE_LISTS, ignored, type NativeRow, rejected } from './adapter.ts'
import { cleanText, isEmpty } from './clean-text.ts'
import { isFields } from './native-fields.ts'
import { insideEnvelope } from './salesforce/collector-envelope.ts'
import { eventLogKey } from './salesforce/event-log-row.ts'
import { eventLogType } from './salesforce/event-log-types.ts'
import { createSobject, ObjectOptions } from './salesforce/sobject.ts'

/** Event Log Objects that are called otherwise than the log files' type. */
const OBJECT_TYPES: ReadonlyMap<string, string> = new Map([
  ['soapapi', 'API'],
  ['analyticsdownload', 'WaveDownload'],
  ['docattachmentdownloads', 'DocumentAttachmentDownloads'],
  ['loginhistory', 'Login'],
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
  ['ReportExport', 'REPORT_DESCRIPTION'],
  ['ContentTransfer', 'TRANSACTION_TYPE', 'VERSION_ID'],
  ['ContentDocumentLink', 'SHARED_WITH_ENTITY_ID'],
  ['AuraRequest', 'ACTION_MESSAGE'],
  ['URI', 'REFERRER_URI'],
  ['SetupAuditTrail', 'ACTION', 'SECTION', 'DISPLAY'],
]

/** What every row of a log file or an Event Log Object has besides the columns of its type. */
const OF_ANY_TYPE = ['USER_ID', 'TIMESTAMP', 'REQUEST_ID'] as const

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
  lists: ['result.records', ...ENVELOPE_LISTS, 'Records'],
  keyOf: eventLogKey,
  create(options) {
    const sobject = createSobject(options)
    return (given) => {
      const row = unwrapped(given)
      // The list of the files, of which each names the type that is in it.
      if (row.LOG_FILE_LENGTH !== undefined && row.USER_ID === undefined) return ignored('EventLogFile')
      const type = typeOf(row, options.type)
      if (type === null) {
        // Without one column of those by which access is told, the row can only be of another type.
        if (OF_ANY_TYPE.every((column) => row[column] !== undefined)) return ignored('(no EVENT_TYPE)')
        return rejected('unknown_layout', 'EVENT_TYPE is missing, and no column tells the type')
      }
      const known = eventLogType(type)
      return known === null ? ignored(type) : known.read({ row, type: known.type, sobject })
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
  // A table of all types has all of their columns: what is filled tells before what is there.
  const told =
    TELLING.find(([, ...columns]) => columns.every((column) => !isEmpty(row[column]))) ??
    TELLING.find(([, ...columns]) => columns.every((column) => row[column] !== undefined))
  return told?.[0] ?? null
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
