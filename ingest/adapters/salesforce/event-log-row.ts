import type { AdapterEvent, NativeRow, Rejected, RowOutcome } from '../adapter.ts'
import { rejected } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanId, cleanText } from '../clean-text.ts'
import { cleanTime } from '../clean-time.ts'
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
}

/** The log files' name of a column: collectors write them in lower case, Event Log Objects in camel case. */
export function eventLogKey(native: string): string {
  if (/^[A-Z0-9_]+$/.test(native)) return native
  if (/^[a-z0-9_]+$/.test(native)) return native.replace(/_(?:[sdtbg])?$/, '').toUpperCase()
  const snake = native
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/_IDENTIFIER$/, '_ID')
  return RENAMED[snake] ?? snake
}

type Start = Pick<AdapterEvent, 'time' | 'actor_uid' | 'source_event_type'> & Partial<AdapterEvent>

/** What all event types have in common; a rejection when the row says neither when nor who. */
export function startOf({ row, type }: EventLogRow): Start | Rejected {
  const time = timeOf(row)
  if (Number.isNaN(time)) return rejected('missing_time', 'TIMESTAMP_DERIVED and TIMESTAMP hold no time')
  const actor_uid = userOf(row)
  if (actor_uid === null) return rejected('missing_actor', 'USER_ID_DERIVED and USER_ID are empty')
  return {
    time,
    actor_uid,
    source_event_type: type,
    org_uid: recordId(row.ORGANIZATION_ID) ?? cleanId(row.ORGANIZATION_ID) ?? undefined,
    actor_name: cleanText(row.USER_NAME) ?? cleanText(row.USER_EMAIL),
    session_uid: cleanText(row.SESSION_KEY) ?? cleanText(row.LOGIN_KEY),
    src_ip: cleanAddress(row.CLIENT_IP) ?? cleanAddress(row.SOURCE_IP),
    user_agent: userAgentOf(row),
    outcome: isFailed(row) ? 'failure' : 'success',
  }
}

/** TIMESTAMP_DERIVED can be empty; both are UTC. */
function timeOf(row: NativeRow): number {
  const derived = cleanTime(row.TIMESTAMP_DERIVED)
  return Number.isNaN(derived) ? cleanTime(row.TIMESTAMP) : derived
}

const userOf = (row: NativeRow): string | null =>
  recordId(row.USER_ID_DERIVED) ?? recordId(row.USER_ID) ?? cleanId(row.USER_ID)

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
