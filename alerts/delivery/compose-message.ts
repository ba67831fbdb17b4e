import type { Alert } from '../../model/alert.ts'
import type { AlertNews, Undelivered } from '../../model/delivery.ts'
import type { WaitingDelivery } from '../../store/deliveries.ts'
import { inTodaysForm } from '../../store/stored-alert.ts'
import { isUnreviewed } from '../triage.ts'
import type { AlertItem, Message } from './notifier.ts'

/**
 * What the rows of one message say. `current` is the alert as it stands, for rows that are written at the time of sending.
 * Null when there is nothing left to say: somebody has looked at the alert, or it is gone.
 */
export function composeMessage(rows: readonly WaitingDelivery[], current: Alert | null): Message | null {
  const [{ message_uid, delivery_uid, reason, created_at, due_at, body }] = rows
  const uid = message_uid ?? delivery_uid
  switch (reason) {
    case 'undelivered':
      return body === null ? null : { kind: 'undelivered', uid, at: created_at, note: parse<Undelivered>(body) }
    case 'repeated':
    case 'escalated':
      return current === null || !isUnreviewed(current)
        ? null
        : { kind: 'alerts', uid, at: due_at, items: [{ alert: current, before: null, reason }] }
    case 'opened':
    case 'updated':
    case 'triaged':
      return { kind: 'alerts', uid, at: created_at, items: itemsOf(rows) }
  }
}

/** What is told of one alert more than once in a message is told once, as it stands last, with all that analysts did. */
function itemsOf(rows: readonly WaitingDelivery[]): AlertItem[] {
  const byAlert = new Map<string, AlertItem>()
  for (const { body, reason } of rows) {
    if (body === null || (reason !== 'opened' && reason !== 'updated' && reason !== 'triaged')) continue
    const { alert: stored, before, triage = [] } = parse<AlertNews>(body)
    const alert = inTodaysForm(stored)
    const earlier = byAlert.get(alert.alert_uid)
    // What findings brought says more than that somebody has worked on it, whichever came first.
    const told = earlier === undefined || earlier.reason === 'triaged' ? { before, reason } : earlier
    byAlert.set(alert.alert_uid, { ...told, alert, triage: [...(earlier?.triage ?? []), ...triage] })
  }
  return [...byAlert.values()]
}

/** Bodies are written by the planner alone. */
const parse = <T>(body: string): T => JSON.parse(body)
