import { createHash } from 'node:crypto'
import type { AdapterEvent, NativeRow } from '../adapter.ts'
import { ignored, oneEvent } from '../adapter.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { bulkAct } from './bulk-act.ts'
import { type EventLogRow, type ReadEventLogRow, startOf } from './event-log-row.ts'
import { onFurtherPage } from './further-page.ts'
import { recordId } from './record-id.ts'
import { isSetupName } from './sobject.ts'

type Act = AdapterEvent['action']

const SOAP_ACTS: ReadonlyMap<string, Act> = new Map([
  ['query', 'api_read'],
  ['queryall', 'api_read'],
  ['querymore', 'api_read'],
  ['retrieve', 'api_read'],
  ['search', 'search'],
  ['insert', 'create'],
  ['create', 'create'],
  ['update', 'update'],
  ['upsert', 'update'],
  ['merge', 'update'],
  ['convertlead', 'update'],
  ['undelete', 'update'],
  ['delete', 'delete'],
  ['emptyrecyclebin', 'delete'],
])

/** A query with more rows than this comes in pages, each of which repeats the whole number. */
const LARGEST_PAGE = 2_000

/** API: SOAP calls. */
export const readApi: ReadEventLogRow = (log) => {
  const { row, sobject } = log
  const method = (cleanText(row.METHOD_NAME) ?? '').toLowerCase().replaceAll('_', '')
  const action = SOAP_ACTS.get(method)
  // The Lightning pages read set-up objects through this client: that is not the person's reading.
  const isInternal = /^SfdcInternalAPI/i.test(cleanText(row.CLIENT_NAME) ?? '')
  if (action === undefined || isInternal || isSetupName(row.ENTITY_NAME)) return ignored(log.type)
  const start = startOf(log)
  if ('kind' in start) return start
  const rows = cleanCount(row.ROWS_PROCESSED)
  const reads = action === 'api_read' || action === 'search'
  const paged = method === 'querymore' || (method === 'queryall' && rows !== null && rows > LARGEST_PAGE)
  return oneEvent({
    ...start,
    outcome: cleanText(row.EXCEPTION_MESSAGE) === null ? start.outcome : 'failure',
    action,
    channel: 'api',
    object_type: sobject.typeOf(row.ENTITY_NAME),
    // 0 stands on changes that did change records.
    record_count: method === 'querymore' ? onFurtherPage(rows) : !reads && rows === 0 ? null : rows,
    logical_op_uid: paged ? queryOperation(row, rows) : null,
    client_app: cleanText(row.CLIENT_NAME),
    bytes: cleanCount(row.RESPONSE_SIZE),
  })
}

/** Pages of one query have the session, the object and the whole number in common. */
function queryOperation(row: NativeRow, rows: number | null): string | null {
  const session = cleanText(row.SESSION_KEY) ?? cleanText(row.LOGIN_KEY)
  if (session === null || rows === null) return null
  const parts = [session, cleanText(row.METHOD_NAME), cleanText(row.ENTITY_NAME), cleanText(row.CLIENT_NAME), rows]
  return `query:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`
}

/** BulkApi: one row per batch; rows that carry a MESSAGE alone are the machinery's own. */
export const readBulkApi: ReadEventLogRow = (log) => {
  const { row } = log
  const rows = cleanCount(row.ROWS_PROCESSED)
  const job = recordId(row.JOB_ID) ?? cleanText(row.JOB_ID)
  const batch = recordId(row.BATCH_ID) ?? cleanText(row.BATCH_ID)
  return bulkEvent(log, rows, job === null ? null : `job:${job}:${batch ?? ''}`, cleanText(row.SUCCESS) === '0')
}

const ENDED = /^(jobcomplete|complete|completed|failed|aborted)$/i

/** BulkApi2: several rows per job, as it goes on; the number grows to the job's. */
export const readBulkApi2: ReadEventLogRow = (log) => {
  const { row } = log
  const rows = cleanCount(row.RECORDS_PROCESSED)
  const status = cleanText(row.JOB_STATUS) ?? ''
  const job = recordId(row.JOB_ID) ?? cleanText(row.JOB_ID)
  const failed = /^(failed|aborted)$/i.test(status) && (rows ?? 0) === 0
  // Before the end a 0 only says that nothing was processed yet.
  return bulkEvent(
    log,
    rows === 0 && status !== '' && !ENDED.test(status) ? null : rows,
    job === null ? null : `job:${job}`,
    failed,
  )
}

function bulkEvent(log: EventLogRow, rows: number | null, operation: string | null, failed: boolean) {
  const { row, sobject } = log
  const action = bulkAct(row.OPERATION_TYPE)
  const entity = cleanText(row.ENTITY_TYPE) ?? cleanText(row.ENTITY_NAME)
  if (action === null || isSetupName(entity)) return ignored(log.type)
  const start = startOf(log)
  if ('kind' in start) return start
  return oneEvent({
    ...start,
    outcome: failed ? 'failure' : start.outcome,
    action,
    channel: 'bulk',
    object_type: sobject.typeOf(entity),
    record_count: rows,
    logical_op_uid: operation === null || operation.length > 256 ? null : operation,
  })
}
