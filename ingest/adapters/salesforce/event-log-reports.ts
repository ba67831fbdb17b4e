import { ignored, oneEvent } from '../adapter.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanText } from '../clean-text.ts'
import { type ReadEventLogRow, startOf } from './event-log-row.ts'
import { idOf, recordId } from './record-id.ts'
import { hasContactFields, reportAct } from './report-act.ts'

/**
 * Report and AsyncReportRun: a run of a report, which may be an export. An export and its row of ReportExport carry the
 * same request, so that the two count once, with this one's number.
 */
export const readReport: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  const report = idOf(row.REPORT_ID_DERIVED) ?? idOf(row.REPORT_ID)
  const act = reportAct(row.ORIGIN)
  return oneEvent({
    ...start,
    ...act,
    ...reportObject(report),
    record_count: cleanCount(row.ROW_COUNT),
    logical_op_uid: act.action === 'export' ? exportOperation(row.REQUEST_ID, report) : null,
  })
}

/** ReportExport: Details Only exports, without a number of rows. */
export const readReportExport: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  const report = idOf(row.URI_ID_DERIVED) ?? recordId(/\/(00O[A-Za-z0-9]{12,15})/.exec(cleanText(row.URI) ?? '')?.[1])
  const description = decoded(cleanText(row.REPORT_DESCRIPTION) ?? '')
  const columns = columnsOf(description)
  return oneEvent({
    ...start,
    action: 'export',
    channel: 'report',
    ...reportObject(report),
    logical_op_uid: exportOperation(row.REQUEST_ID, report),
    user_agent: cleanText(row.CLIENT_INFO) ?? start.user_agent,
    export_format: /[?&]xf=(\w{1,20})/.exec(description)?.[1] ?? null,
    columns,
    has_contact_fields: hasContactFields(columns),
  })
}

/** Dashboard and MultiBlockReport: several reports shown at once, with numbers in their own rows only. */
export const readDashboard: ReadEventLogRow = (log) => {
  const { row } = log
  const shown = idOf(row.DASHBOARD_ID_DERIVED) ?? idOf(row.DASHBOARD_ID) ?? idOf(row.MASTER_REPORT_ID) ?? null
  if (shown === null) return ignored(log.type)
  const start = startOf(log)
  if ('kind' in start) return start
  return oneEvent({ ...start, action: 'view', channel: 'report', ...reportObject(shown) })
}

/** WaveDownload: data leaving CRM Analytics. */
export const readAnalyticsDownload: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  return oneEvent({
    ...start,
    action: 'export',
    channel: 'report',
    ...reportObject(idOf(row.ASSET_ID)),
    record_count: cleanCount(row.RECORD_COUNT) ?? cleanCount(row.NUMBER_OF_RECORDS),
    export_format: cleanText(row.DOWNLOAD_FORMAT),
  })
}

/** A report stands for the records in it, which it does not name: its own id is never counted as one of them. */
const reportObject = (id: string | null) =>
  ({ object_type: 'report', object_uids: id === null ? [] : [id], object_uids_complete: false }) as const

function exportOperation(request: unknown, report: string | null): string | null {
  const id = cleanText(request)
  return id === null || id.length > 128 ? null : `report-export:${id}:${report ?? ''}`
}

/** REPORT_DESCRIPTION as text; its filters hold names of people, so that nothing but column names leaves this file. */
function decoded(description: string): string {
  try {
    return decodeURIComponent(description.slice(0, 200_000).replaceAll('+', ' '))
  } catch {
    return description
  }
}

function columnsOf(description: string): string[] {
  const list = /"detailColumns"\s*:\s*\[([^\]]{0,20000})\]/.exec(description)?.[1]
  if (list === undefined) return []
  return [...list.matchAll(/"([\w.$:]{1,200})"/g)].map(([, column]) => column)
}
