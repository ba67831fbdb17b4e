import { type AdapterEvent, type NativeRow, oneEvent, type RowOutcome, rejected } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanId, cleanText, isEmpty } from '../clean-text.ts'
import { asFields, renameFields } from '../native-fields.ts'
import { columnName } from './column-name.ts'
import type { ReadTime } from './read-time.ts'

/** When the row says that it happened, in whichever of the three logs' fields. */
export const timeOf = (row: NativeRow, readTime: ReadTime): number =>
  readTime([row.loginAt, row.occurredAt, row.createdAt].find((value) => !isEmpty(value)))

/** The event of an act, with when and who; a rejection when the row does not say these. */
export function eventOfAct(
  row: NativeRow,
  readTime: ReadTime,
  act: Omit<AdapterEvent, 'time' | 'actor_uid'> & Pick<AdapterEvent, 'action'>,
): RowOutcome {
  const time = timeOf(row, readTime)
  if (Number.isNaN(time)) return rejected('missing_time', 'occurredAt, loginAt or createdAt is missing or not a time')
  const nested = asFields(row.actingUser)
  const acting = nested === null ? null : renameFields(nested, columnName)
  const email = cleanText(row.email) ?? (acting === null ? cleanText(row.actingUser) : cleanText(acting.email))
  const actor_uid =
    cleanId(row.userId) ??
    (acting === null ? null : (cleanId(acting.userId) ?? cleanId(acting.id))) ??
    cleanId(email?.toLowerCase())
  if (actor_uid === null) return rejected('missing_actor', 'userId, email and actingUser are missing')
  return oneEvent({
    ...act,
    time,
    actor_uid,
    actor_name: email ?? null,
    org_uid: cleanId(row.portalId) ?? undefined,
    src_ip: cleanAddress(row.ipAddress),
    user_agent: cleanText(row.userAgent),
  })
}
