import { oneEvent, rejected } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanText } from '../clean-text.ts'
import { type ReadEventLogRow, startOf } from './event-log-row.ts'
import { recordId } from './record-id.ts'

/** Login: the person's address is SOURCE_IP; CLIENT_IP may be a server of Salesforce's. */
export const readLogin: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  // LoginHistory, which is queried, has Status instead.
  const status = cleanText(row.LOGIN_STATUS) ?? cleanText(row.STATUS)
  return oneEvent({
    ...start,
    action: 'login',
    src_ip: cleanAddress(row.SOURCE_IP) ?? start.src_ip,
    outcome: status === null || /^(LOGIN_NO_ERROR|success)$/i.test(status) ? 'success' : 'failure',
  })
}

/** LoginAs: DELEGATED_USER_ID is the person who acts, USER_ID the one in whose name. */
export const readLoginAs: ReadEventLogRow = (log) => {
  const { row } = log
  const start = startOf(log)
  if ('kind' in start) return start
  const actor = recordId(row.DELEGATED_USER_ID_DERIVED) ?? recordId(row.DELEGATED_USER_ID)
  if (actor === null) return rejected('missing_actor', 'DELEGATED_USER_ID is empty')
  return oneEvent({
    ...start,
    action: 'login',
    actor_uid: actor,
    actor_name: cleanText(row.DELEGATED_USER_NAME),
    on_behalf_of_uid: start.actor_uid,
  })
}
