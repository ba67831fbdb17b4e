import type { AdapterEvent, NativeRow, Rejected, RowOutcome } from '../adapter.ts'
import { rejected } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanId, cleanText } from '../clean-text.ts'
import { cleanTime } from '../clean-time.ts'
import { createKnownColumns } from '../known-columns.ts'
import { portalTime, ZONE_IN_NAME } from '../portal-time.ts'
import { recordId } from './record-id.ts'
import type { Sobject } from './sobject.ts'

/** What the readers of the single event types are given: the row under the log files' own column names. */
export interface EventLogRow {
  readonly row: NativeRow
  /** The event type in the log files' spelling. */
  readonly type: string
  readonly sobject: Sobject
}

/** Reads rows of one event type. */
export type ReadEventLogRow = (row: EventLogRow) => RowOutcome

/** Names of Event Log Objects' fields whose column in the log files is called otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  OBJECT_NAME: 'ENTITY_NAME',
  OBJECT_TYPE: 'ENTITY_TYPE',
  PAGE_OBJECT_ID: 'PAGE_ENTITY_ID',
  PAGE_OBJECT_TYPE: 'PAGE_ENTITY_TYPE',
  PREVIOUS_PAGE_URL: 'PREVPAGE_URL',
  PROCESSED_RECORD_COUNT: 'RECORDS_PROCESSED',
  RESULT_COUNT: 'NUM_RESULTS',
  FILE_SIZE: 'SIZE_BYTES',
  USERNAME: 'USER_NAME',
  URI_ID: 'URI_ID_DERIVED',
  IS_SUCCESS: 'SUCCESS',
  // Collectors that make rows of their own out of the log's.
  API_METHOD: 'METHOD_NAME',
  IP_ADDRESS: 'CLIENT_IP',
  LOGIN_TIME: 'TIMESTAMP',
}

/** The columns that are read. */
const knownColumn = createKnownColumns(
  'ACTION ACTION_MESSAGE API_TYPE ASSET_ID ATTRIBUTES BATCH_ID BROWSER_TYPE CLICKED_RECORD_ID CLIENT_INFO CLIENT_IP CLIENT_NAME CONNECTED_APP_NAME DASHBOARD_ID DASHBOARD_ID_DERIVED DELEGATED_USER_ID DELEGATED_USER_ID_DERIVED DELEGATED_USER_NAME DELIVERY_ID DEVICE_PLATFORM DOCUMENT_ID DOCUMENT_ID_DERIVED DOWNLOAD_FORMAT ENTITY_ID ENTITY_NAME ENTITY_TYPE EVENT_TYPE EXCEPTION_MESSAGE JOB_ID JOB_STATUS LOG_FILE_LENGTH LOGIN_KEY LOGIN_STATUS MASTER_REPORT_ID METHOD METHOD_NAME NUMBER_OF_RECORDS NUM_RESULTS OPERATION_TYPE ORGANIZATION_ID ORIGIN PAGE_CONTEXT PAGE_ENTITY_ID PAGE_ENTITY_TYPE PAGE_URL PREFIXES_SEARCHED PREVPAGE_URL RECORDS_PROCESSED RECORD_COUNT REFERRER_URI REPORT_DESCRIPTION REPORT_ID REPORT_ID_DERIVED REQUEST_ID REQUEST_STATUS RESPONSE_SIZE ROWS_PROCESSED ROW_COUNT SEARCH_QUERY SESSION_KEY SHARED_WITH_ENTITY_ID SHARING_OPERATION SIZE_BYTES SOURCE_IP STATUS_CODE SUCCESS TIMESTAMP TIMESTAMP_DERIVED TRANSACTION_TYPE URI URI_ID_DERIVED USER_AGENT USER_EMAIL USER_ID USER_ID_DERIVED USER_NAME VERSION_ID VERSION_ID_DERIVED'.split(
    ' ',
  ),
)
const renamedColumn = createKnownColumns(Object.keys(RENAMED))

/**
 * The log files' name of a column: collectors write them in lower case, with a letter for the type (`ROWS_PROCESSED_d`),
 * or without underscores, Event Log Objects in camel case.
 */
export function eventLogKey(native: string): string {
  const bare = native
    .trim()
    .replace(ZONE_IN_NAME, '')
    .replace(/(?<=[A-Za-z])_[sdtbg]?$/, '')
  // `@timestamp` and `event.type` are the collector's own.
  const known = /^[A-Za-z0-9][\w ]*$/.test(bare) ? columnNamed(bare) : null
  return known ?? bare.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
}

function columnNamed(name: string): string | null {
  const short = name.replace(/identifier$/i, 'Id')
  const renamed = renamedColumn(short)
  return knownColumn(short) ?? (renamed === null ? null : RENAMED[renamed])
}

type Start = Pick<AdapterEvent, 'time' | 'actor_uid' | 'source_event_type'> & Partial<AdapterEvent>

/** What all event types have in common; a rejection when the row says neither when nor who. */
export function startOf({ row, type }: EventLogRow): Start | Rejected {
  const time = timeOf(row)
  if (Number.isNaN(time)) return rejected('missing_time', 'TIMESTAMP_DERIVED and TIMESTAMP hold no time')
  const actor_uid = userOf(row)
  if (actor_uid === null) return rejected('missing_actor', 'USER_ID_DERIVED, USER_ID and USER_NAME are empty')
  return {
    time,
    actor_uid,
    source_event_type: type,
    org_uid: recordId(row.ORGANIZATION_ID) ?? cleanId(row.ORGANIZATION_ID) ?? undefined,
    actor_name: nameOf(row),
    session_uid: cleanText(row.SESSION_KEY) ?? cleanText(row.LOGIN_KEY),
    src_ip: cleanAddress(row.CLIENT_IP) ?? cleanAddress(row.SOURCE_IP),
    user_agent: userAgentOf(row),
    outcome: isFailed(row) ? 'failure' : 'success',
  }
}

/** TIMESTAMP_DERIVED can be empty; both are UTC. */
function timeOf(row: NativeRow): number {
  for (const value of [row.TIMESTAMP_DERIVED, row.TIMESTAMP]) {
    const time = cleanTime(value)
    if (!Number.isNaN(time)) return time
  }
  const time = portalTime(row.TIMESTAMP_DERIVED)
  return Number.isNaN(time) ? portalTime(row.TIMESTAMP) : time
}

const nameOf = (row: NativeRow): string | null =>
  cleanText(row.USER_NAME) ?? cleanText(row.USER_EMAIL) ?? cleanText(row.USER)

/** Where no id is given, the login name that a collector has looked up stands for it. */
const userOf = (row: NativeRow): string | null =>
  recordId(row.USER_ID_DERIVED) ?? recordId(row.USER_ID) ?? cleanId(row.USER_ID) ?? cleanId(nameOf(row))

/** Codes such as 9999 that some types have in USER_AGENT say nothing to a reader. */
function userAgentOf(row: NativeRow): string | null {
  const agent = (cleanText(row.USER_AGENT) ?? cleanText(row.BROWSER_TYPE))?.replace(/^"+|"+$/g, '')
  return agent === undefined || /^\d*$/.test(agent) ? null : agent
}

/** REQUEST_STATUS: failed, authorisation error, not found. */
function isFailed(row: NativeRow): boolean {
  const status = cleanText(row.REQUEST_STATUS)
  return status === 'F' || status === 'A' || status === 'N'
}
