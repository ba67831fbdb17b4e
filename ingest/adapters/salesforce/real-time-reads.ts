import { createHash } from 'node:crypto'
import { EVENT_LIMITS } from '../../../model/event.ts'
import type { AdapterEvent, NativeRow } from '../adapter.ts'
import { ignored, oneEvent } from '../adapter.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { bulkAct } from './bulk-act.ts'
import { operationId, type ReadRealTime, startOf } from './real-time-row.ts'
import { idOf, recordId } from './record-id.ts'
import { hasContactFields, reportAct } from './report-act.ts'
import { isSetupName, splitNames } from './sobject.ts'
import { redactSoql, soqlObject } from './soql.ts'

/** ReportEvent: large results come in chunks that repeat the whole number and share ExecutionIdentifier. */
export const readReportEvent: ReadRealTime = (event) => {
  const { row } = event
  const start = startOf(event)
  if ('kind' in start) return start
  const report = idOf(row.ReportId) ?? idOf(row.DashboardId)
  return oneEvent({
    ...start,
    ...reportAct(row.Operation),
    object_type: 'report',
    object_uids: report === null ? [] : [report],
    // The report stands for the records in it, which are not named: its own id is not counted.
    object_uids_complete: false,
    ...chunk(row),
    ...columns(row),
    export_format: cleanText(row.ExportFileFormat),
  })
}

/** ListViewEvent: chunks as with reports. */
export const readListViewEvent: ReadRealTime = (event) => {
  const { row, sobject } = event
  const start = startOf(event)
  if ('kind' in start) return start
  return oneEvent({
    ...start,
    action: 'list',
    channel: 'ui',
    object_type: sobject.typeOfAny(row.QueriedEntities),
    ...namedRecords(row),
    ...chunk(row),
    ...columns(row),
  })
}

const chunk = (row: NativeRow): Partial<AdapterEvent> => ({
  record_count: cleanCount(row.RowsProcessed),
  logical_op_uid: operationId('execution', row.ExecutionIdentifier),
  chunk_seq: cleanCount(row.Sequence),
})

function columns(row: NativeRow): Partial<AdapterEvent> {
  const names = splitNames(row.ColumnHeaders).slice(0, 500)
  return { columns: names, has_contact_fields: hasContactFields(names) }
}

/** A query with fewer rows than this never comes in pages. */
const SMALLEST_PAGE = 200

/** ApiEvent: queries. A QueryMore repeats the query's whole number; its own page is RowsReturned, where it is given. */
export const readApiEvent: ReadRealTime = (event) => {
  const { row, sobject } = event
  const operation = (cleanText(row.Operation) ?? '').toLowerCase()
  const entities = splitNames(row.QueriedEntities)
  if (operation !== '' && !/^(query|search|retrieve)/.test(operation))
    return ignored(`${event.type} ${word(row.Operation)}`)
  if (entities.length > 0 && entities.every(isSetupName)) return ignored(event.type)
  const start = startOf(event)
  if ('kind' in start) return start
  const isMore = operation === 'querymore'
  const rows = cleanCount(row.RowsProcessed)
  const isPaged = isMore || (rows !== null && rows > SMALLEST_PAGE)
  const type = sobject.typeOfAny(row.QueriedEntities)
  return oneEvent({
    ...start,
    action: operation.startsWith('search') ? 'search' : 'api_read',
    channel: 'api',
    object_type: type === 'unknown' && entities.length === 0 ? sobject.typeOf(soqlObject(row.Query)) : type,
    ...namedRecords(row),
    record_count: isMore ? cleanCount(row.RowsReturned) : (rows ?? cleanCount(row.RowsReturned)),
    logical_op_uid: isPaged ? queryOperation(row) : null,
    client_app: cleanText(row.Client) ?? cleanText(row.ConnectedAppId),
    query_text: redactSoql(row.Query),
  })
}

/** Pages of one query have the session and the query's text in common. */
function queryOperation(row: NativeRow): string | null {
  const session = cleanText(row.SessionKey) ?? cleanText(row.LoginKey)
  const query = cleanText(row.Query)
  if (session === null || query === null) return null
  return `query:${createHash('sha256')
    .update(JSON.stringify([session, query]))
    .digest('hex')
    .slice(0, 32)}`
}

/**
 * BulkApiResultEvent: a bulk query's result is fetched; how many rows it has is not said. Collectors add the number, and
 * use the type for other bulk jobs, too, whose operation they name.
 */
export const readBulkResult: ReadRealTime = (event) => {
  const { row, sobject } = event
  const object = cleanText(row.QueriedEntities) ?? soqlObject(row.Query)
  if (isSetupName(object)) return ignored(event.type)
  const start = startOf(event)
  if ('kind' in start) return start
  return oneEvent({
    ...start,
    action: bulkAct(row.OperationType) ?? 'bulk_read',
    channel: 'bulk',
    object_type: sobject.typeOfAny(object),
    record_count: cleanCount(row.RowsProcessed),
    query_text: redactSoql(row.Query),
  })
}

const RECORD_ID = /"Id"\s*:\s*"([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)"/g

/** The ids in Records, which is JSON text that may be cut off; all else in it is personal data and stays out. */
function namedRecords(row: NativeRow): Partial<AdapterEvent> {
  const text = typeof row.Records === 'string' ? row.Records : JSON.stringify(row.Records ?? '')
  const ids = new Set<string>()
  for (const [, id] of text.matchAll(RECORD_ID)) {
    const record = recordId(id)
    if (record !== null) ids.add(record)
    if (ids.size === EVENT_LIMITS.objects) break
  }
  return { object_uids: [...ids], object_uids_complete: false }
}

const word = (value: unknown): string => (cleanText(value) ?? '').replaceAll(/[^A-Za-z]/g, '').slice(0, 20)
