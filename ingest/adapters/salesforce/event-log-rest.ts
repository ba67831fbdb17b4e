import type { AdapterEvent } from '../adapter.ts'
import { ignored, oneEvent } from '../adapter.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { type ReadEventLogRow, startOf } from './event-log-row.ts'
import { onFurtherPage } from './further-page.ts'
import { recordId } from './record-id.ts'
import { byPrefix, isSetupName } from './sobject.ts'

type Act = AdapterEvent['action']

const REST_ACTS: ReadonlyMap<string, Act> = new Map([
  ['GET', 'api_read'],
  ['HEAD', 'api_read'],
  ['POST', 'create'],
  ['PATCH', 'update'],
  ['PUT', 'update'],
  ['DELETE', 'delete'],
])

/** What of the REST API's addresses is reading or changing records; the rest is set-up, chat, limits, descriptions. */
export const readRestApi: ReadEventLogRow = (log) => {
  const { row, sobject } = log
  const place = restPlace(cleanText(row.URI) ?? '', cleanText(row.METHOD)?.toUpperCase() ?? 'GET')
  const entity = cleanText(row.ENTITY_NAME) ?? place?.object ?? null
  const act = place?.action ?? (entity === null ? undefined : REST_ACTS.get(cleanText(row.METHOD)?.toUpperCase() ?? ''))
  if (act === undefined || place?.action === null || isSetupName(entity)) return ignored(log.type)
  const start = startOf(log)
  if ('kind' in start) return start
  const rows = cleanCount(row.ROWS_PROCESSED)
  const id = place?.id ?? null
  const reads = act === 'api_read' || act === 'search' || act === 'bulk_read'
  const status = cleanCount(row.STATUS_CODE) ?? 200
  return oneEvent({
    ...start,
    outcome: status >= 400 || cleanText(row.EXCEPTION_MESSAGE) !== null ? 'failure' : start.outcome,
    action: act,
    channel: act === 'bulk_read' ? 'bulk' : 'api',
    object_type: sobject.typeOf(entity) === 'unknown' ? byPrefix(id) : sobject.typeOf(entity),
    object_uids: id === null ? [] : [id],
    object_uids_complete: place?.complete ?? true,
    record_count: place?.further === true ? onFurtherPage(rows) : rows === 0 && (!reads || id !== null) ? null : rows,
    logical_op_uid: place?.operation ?? null,
    client_app: cleanText(row.CLIENT_NAME) ?? cleanText(row.CONNECTED_APP_NAME),
    bytes: cleanCount(row.RESPONSE_SIZE),
  })
}

interface RestPlace {
  /** Null: no access whatever the method. */
  readonly action: Act | null
  readonly object?: string
  readonly id?: string | null
  /** A further page of a query. */
  readonly further?: boolean
  /** The id is not that of a record read, but of a report. */
  readonly complete?: boolean
  readonly operation?: string
}

function restPlace(uri: string, method: string): RestPlace | null {
  const path = uri.split('?', 1)[0].replace(/^https?:\/\/[^/]*/, '')
  const resource = /^\/?services\/data\/v[\d.]+\/(.*)$/.exec(path)?.[1] ?? null
  if (resource === null) return path.startsWith('/services/') ? { action: null } : null
  const [first = '', second = '', third = '', fourth = ''] = resource.split('/')
  if (first === 'query' || first === 'queryAll') {
    const locator = /^(01g[A-Za-z0-9]{12,15})(?:-\d+)?/.exec(second)?.[1]
    return { action: 'api_read', further: locator !== undefined, operation: locator && `query:${locator}` }
  }
  if (first === 'search' || first === 'parameterizedSearch') return { action: 'search' }
  if (first === 'sobjects') {
    if (second === '' || /^(describe|updated|deleted)$/.test(third)) return { action: null }
    const id = recordId(third)
    if (third === '') return { action: method === 'POST' ? 'create' : null, object: second }
    if (/^(describe|layouts|approvalLayouts|compactLayouts|quickActions|listviews)$/.test(third)) {
      const isResult = third === 'listviews' && /\/results$/.test(path)
      return { action: isResult ? 'api_read' : null, object: second }
    }
    return { action: REST_ACTS.get(method) ?? null, object: second, id: fourth === '' || id !== null ? id : null }
  }
  if (first === 'ui-api' && second === 'records') return { action: REST_ACTS.get(method) ?? null, id: recordId(third) }
  if (first === 'ui-api' && /^list-(records|ui)$/.test(second)) return { action: 'api_read' }
  if (first === 'analytics' && second === 'reports' && recordId(third) !== null && fourth !== 'describe')
    return { action: 'api_read', object: 'Report', id: recordId(third), complete: false }
  if (first === 'composite' && second === 'sobjects') {
    return {
      action:
        method === 'GET' || method === 'POST'
          ? third === ''
            ? 'create'
            : 'api_read'
          : (REST_ACTS.get(method) ?? null),
      object: third || undefined,
    }
  }
  if (first === 'jobs' && second === 'query' && fourth === 'results')
    return { action: 'bulk_read', operation: recordId(third) === null ? undefined : `job:${recordId(third)}` }
  // Of other resources only the object's name, where it is logged, tells that records were read.
  return /^(tooling|metadata|limits|theme|tabs|licensing|support|process|event)/.test(first) ? { action: null } : null
}
