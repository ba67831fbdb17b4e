import type { AlertStreamEvent } from '../api/services.ts'
import type { Severity } from '../model/alert.ts'

const COLOURS: Readonly<Record<Severity, string>> = { low: '36', medium: '33', high: '31', critical: '1;31' }

/** An alert for a person at a terminal. */
export function formatAlert({ type, alert }: AlertStreamEvent, address: string, colour: boolean): string | null {
  const word = type === 'alert.opened' ? 'ALERT' : 'alert grew'
  const head = `${word} ${alert.severity} (${Math.round(alert.score)})`
  const painted = colour ? `\u001b[${COLOURS[alert.severity]}m${head}\u001b[0m` : head
  const at = new Date(alert.updated_at).toISOString().slice(0, 16).replace('T', ' ')
  const who = [alert.staff?.name ?? alert.actor_uid, alert.staff?.role].filter((part) => part != null).join(', ')
  return `${painted}  ${at} UTC  ${who}\n  ${alert.summary}\n  ${address}/v1/alerts/${alert.alert_uid}\n\n`
}
