import { precisionOf } from '../alerts/precision.ts'
import { reasonsOf, translateAlert } from '../alerts/translate-alert.ts'
import type { BulkResult } from '../alerts/triage-desk.ts'
import type { Catalogue } from '../messages/catalogue.ts'
import type { Alert, Finding } from '../model/alert.ts'
import type { ContactAccessEvent } from '../model/event.ts'
import type { StaffRecord } from '../model/staff.ts'
import type { Suppression } from '../model/suppression.ts'
import type { DetectorVerdicts } from '../store/alerts.ts'
import type { AuditEntry } from '../store/audit-log.ts'
import type {
  ActorReport,
  AlertView,
  BulkAnswer,
  EventView,
  ExaminationEntryView,
  ExaminationView,
  FindingView,
  HistoryEntryView,
  StaffView,
  SuppressionView,
  TokenView,
  VerdictsView,
} from './schemas.ts'
import type { ActorView, ExaminationOutcome, TokenRecord } from './services.ts'
import { presentTime, presentTimeOrNull } from './times.ts'

/** The model as the API shows it, in answers and on the stream alike. */

type Examined = Extract<ExaminationOutcome, { kind: 'examined' }>

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
  closed_at: presentTimeOrNull(alert.closed_at),
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

export const presentAuditEntry = ({
  done_at,
  token_uid,
  token_name,
  detail,
}: AuditEntry<'alert'>): HistoryEntryView => ({
  at: presentTime(done_at),
  by: { token_uid, name: token_name },
  ...detail,
})

export const presentExamination = (
  { kind: _, from, to, alerts, known_in, ...counts }: Examined,
  words: Catalogue,
): ExaminationView => ({
  from: presentTime(from),
  to: presentTimeOrNull(to),
  ...counts,
  alerts: alerts.map((alert) => presentAlert(alert, words)),
  known_in: [...known_in],
})

export const presentExaminationEntry = ({
  done_at,
  token_uid,
  token_name,
  detail: { reason, from, to },
}: AuditEntry<'actor'>): ExaminationEntryView => ({
  at: presentTime(done_at),
  by: { token_uid, name: token_name },
  reason,
  from: presentTime(from),
  to: presentTimeOrNull(to),
})

export const presentBulk = ({ changed, unchanged, failed }: BulkResult): BulkAnswer => ({
  changed,
  unchanged,
  failed: [...failed],
})

export const presentSuppression = (suppression: Suppression): SuppressionView => ({
  ...suppression,
  created_at: presentTime(suppression.created_at),
  starts_at: presentTime(suppression.starts_at),
  ends_at: presentTime(suppression.ends_at),
  revoked_at: presentTimeOrNull(suppression.revoked_at),
  last_suppressed_at: presentTimeOrNull(suppression.last_suppressed_at),
})

export const presentVerdicts = ({ detector, alerts }: DetectorVerdicts): VerdictsView => ({
  detector,
  alerts: { ...alerts },
  precision: precisionOf(alerts),
})
