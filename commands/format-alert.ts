import type { AlertStreamEvent } from '../api/services.ts'
import { type Alert, SEVERITIES, type Severity } from '../model/alert.ts'
import { wholeScore } from '../model/score.ts'

const COLOURS: Readonly<Record<Severity, string>> = { low: '36', medium: '33', high: '31', critical: '1;31' }

/** An alert for a person at a terminal. */
export function formatAlert({ type, alert }: AlertStreamEvent, address: string, colour: boolean): string {
  const word = type === 'alert.opened' ? 'ALERT' : 'grown to'
  const head = `${word} ${alert.severity} (score ${wholeScore(alert.score)})`
  const painted = colour ? `\u001b[${COLOURS[alert.severity]}m${head}\u001b[0m` : head
  const at = new Date(alert.updated_at).toISOString().slice(0, 16).replace('T', ' ')
  const who = [alert.staff?.name ?? alert.actor_uid, alert.staff?.role].filter((part) => part != null).join(', ')
  return `${painted}  ${at} UTC  ${who}\n  ${alert.summary}\n  ${address}/v1/alerts/${alert.alert_uid}\n\n`
}

/** Tells which changes of alerts a person wants to hear of: the opening, a higher severity, and twice as much as was last said. */
export function createReminder(): (event: AlertStreamEvent) => boolean {
  const said = new Map<string, { severity: number; observed: number }>()
  return ({ alert }) => {
    const severity = SEVERITIES.indexOf(alert.severity)
    const observed = largestOf(alert)
    const before = said.get(alert.alert_uid)
    if (before !== undefined && severity <= before.severity && observed < before.observed * 2) return false
    said.set(alert.alert_uid, { severity, observed })
    return true
  }
}

const largestOf = (alert: Alert): number =>
  Math.max(0, ...alert.findings.filter((one) => one.detector === alert.detector).map((one) => one.observed ?? 0))
