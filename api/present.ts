import { reasonsOf, translateAlert } from '../alerts/translate-alert.ts'
import type { Catalogue } from '../messages/catalogue.ts'
import type { Alert, Finding } from '../model/alert.ts'
import type { ContactAccessEvent } from '../model/event.ts'
import type { StaffRecord } from '../model/staff.ts'
import type { ActorReport, AlertView, EventView, FindingView, StaffView, TokenView } from './schemas.ts'
import type { ActorView, TokenRecord } from './services.ts'
import { presentTime } from './times.ts'

/** The model as the API shows it, in answers and on the stream alike. */

const presentTimeOrNull = (ms: number | null) => (ms === null ? null : presentTime(ms))

const presentFinding = (finding: Finding): FindingView => ({
  ...finding,
  time: presentTime(finding.time),
  window_from: presentTime(finding.window_from),
  window_to: presentTime(finding.window_to),
})

/** `words`: in which the reasons are said; sentences stay as they are in the alert. */
export const presentAlert = (alert: Alert, words: Catalogue): AlertView => ({
  ...alert,
  opened_at: presentTime(alert.opened_at),
  updated_at: presentTime(alert.updated_at),
  detected_at: presentTime(alert.detected_at),
  window: { from: presentTime(alert.window.from), to: presentTime(alert.window.to) },
  staff: alert.staff === null ? null : { ...alert.staff, recorded_at: presentTime(alert.staff.recorded_at) },
  findings: alert.findings.map(presentFinding),
  reasons: reasonsOf(alert, words),
})

export const presentEvent = (event: ContactAccessEvent): EventView => ({
  ...event,
  time: presentTime(event.time),
  ingested_time: presentTime(event.ingested_time),
})

export const presentStaff = (record: StaffRecord): StaffView => ({
  ...record,
  recorded_at: presentTime(record.recorded_at),
})

export const presentActor = (actor: ActorView, words: Catalogue): ActorReport => ({
  ...actor,
  staff: actor.staff === null ? null : presentStaff(actor.staff),
  first_seen: presentTimeOrNull(actor.first_seen),
  last_seen: presentTimeOrNull(actor.last_seen),
  windows: [...actor.windows],
  alerts: actor.alerts.map((alert) => presentAlert(translateAlert(alert, words), words)),
})

export const presentToken = (token: TokenRecord): TokenView => ({
  ...token,
  created_at: presentTime(token.created_at),
  revoked_at: presentTimeOrNull(token.revoked_at),
})
