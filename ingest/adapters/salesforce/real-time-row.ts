import type { AdapterEvent, NativeRow, Rejected, RowOutcome } from '../adapter.ts'
import { rejected } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanId, cleanText } from '../clean-text.ts'
import { cleanTime } from '../clean-time.ts'
import { portalTime } from '../portal-time.ts'
import { recordId } from './record-id.ts'
import type { Sobject } from './sobject.ts'

export interface RealTimeEvent {
  readonly row: NativeRow
  readonly type: string
  readonly sobject: Sobject
}

export type ReadRealTime = (event: RealTimeEvent) => RowOutcome

type Start = Pick<AdapterEvent, 'time' | 'actor_uid'> & Partial<AdapterEvent>

/** Policies that kept the act from happening. */
const BLOCKED =
  /^(Block|MeteringBlock|TwoFADenied|TwoFAReportedDenied|TwoFAFailed\w*|FailedInvalidPassword|FailedPasswordLockout)$/i

/** What all types have in common; a rejection when the row says neither when nor who. */
export function startOf({ row, type }: RealTimeEvent): Start | Rejected {
  const time = timeOf(row)
  if (Number.isNaN(time)) return rejected('missing_time', 'EventDate and CreatedDate hold no time')
  const actor_uid = recordId(row.UserId) ?? cleanId(row.UserId) ?? cleanId(row.Username)
  if (actor_uid === null) return rejected('missing_actor', 'UserId and Username are empty')
  return {
    time,
    actor_uid,
    source_event_type: type,
    org_uid: recordId(row.OrganizationId) ?? cleanId(row.OrganizationId) ?? undefined,
    actor_name: cleanText(row.Username),
    session_uid: cleanText(row.SessionKey) ?? cleanText(row.LoginKey),
    src_ip: cleanAddress(row.SourceIp),
    user_agent: cleanText(row.UserAgent),
    outcome: BLOCKED.test(cleanText(row.PolicyOutcome) ?? '') ? 'failure' : 'success',
  }
}

/** EventDate; some collectors make a day of it and have the time in columns of the log files' names. */
function timeOf(row: NativeRow): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(cleanText(row.EventDate) ?? '')
  const times = isDay
    ? [row.TimestampDerived, row.Timestamp]
    : [row.EventDate, row.LoginTime, row.CreatedDate, row.TimestampDerived, row.Timestamp]
  for (const read of [cleanTime, portalTime])
    for (const value of times) {
      const time = read(value)
      if (!Number.isNaN(time)) return time
    }
  return Number.NaN
}

/** An operation's id, where it is short enough to be one. */
export function operationId(prefix: string, value: unknown): string | null {
  const id = cleanId(value)
  return id === null || id.length > 200 ? null : `${prefix}:${id}`
}
