import { firstStepOf } from '../../messages/catalogues.ts'
import type { Alert, Severity } from '../../model/alert.ts'
import { wholeScore } from '../../model/score.ts'
import type { Verdict } from '../../model/triage.ts'
import { isSettled } from '../triage.ts'
import type { DocumentOptions } from './message-document.ts'
import { linkTo, onlyItem } from './message-document.ts'
import type { AlertItem, Message } from './notifier.ts'

export const OCSF_VERSION = '1.8.0'

export interface OcsfOptions extends Omit<DocumentOptions, 'presentAlert'> {
  /** Of crmwatch. */
  readonly version: string
}

/**
 * A message as an OCSF 1.8 event: an alert is a Detection Finding (class 2004), anything else a Base Event (class 0).
 * https://schema.ocsf.io/1.8.0/classes/detection_finding
 */
export function createOcsfEvent(message: Message, options: OcsfOptions): object {
  if (message.kind !== 'alerts') return baseEvent(message, options)
  return detectionFinding(onlyItem(message.items), message, options)
}

const FINDINGS = { uid: 2, name: 'Findings' }
const DETECTION_FINDING = { uid: 2004, name: 'Detection Finding' }
const CREATE = { id: 1, name: 'Create' }
const UPDATE = { id: 2, name: 'Update' }
const CLOSE = { id: 3, name: 'Close' }
const OTHER = { id: 99, name: 'Other' }

const SEVERITY_ID: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 }
const SEVERITY_NAME: Readonly<Record<Severity, string>> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
}
const RISK_LEVEL_ID: Readonly<Record<Severity, number>> = { low: 1, medium: 2, high: 3, critical: 4 }
const STATUS: Readonly<Record<Alert['status'], { readonly id: number; readonly name: string }>> = {
  new: { id: 1, name: 'New' },
  in_progress: { id: 2, name: 'In Progress' },
  on_hold: { id: 99, name: 'on_hold' },
  resolved: { id: 4, name: 'Resolved' },
  closed: { id: 5, name: 'Archived' },
}
const VERDICT: Readonly<Record<Verdict, { readonly id: number; readonly name: string }>> = {
  theft: { id: 2, name: 'True Positive' },
  policy_breach: { id: 8, name: 'Security Risk' },
  authorised: { id: 5, name: 'Benign' },
  false_positive: { id: 1, name: 'False Positive' },
  misconfiguration: { id: 3, name: 'Disregard' },
  test: { id: 6, name: 'Test' },
}
const ANALYTIC_TYPE = { rule: { type_id: 1, type: 'Rule' }, behavioral: { type_id: 2, type: 'Behavioral' } }

function detectionFinding({ alert, reason, triage }: AlertItem, { uid, at }: Message, options: OcsfOptions): object {
  const activity = reason === 'opened' ? CREATE : reason === 'triaged' && isSettled(alert.status) ? CLOSE : UPDATE
  const verdict = alert.verdict === null ? null : VERDICT[alert.verdict]
  const link = linkTo(alert, options.alertUrl)
  const status = STATUS[alert.status]
  const severity = SEVERITY_NAME[alert.severity]
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: FINDINGS.uid,
    category_name: FINDINGS.name,
    class_uid: DETECTION_FINDING.uid,
    class_name: DETECTION_FINDING.name,
    type_uid: DETECTION_FINDING.uid * 100 + activity.id,
    type_name: `${DETECTION_FINDING.name}: ${activity.name}`,
    severity_id: SEVERITY_ID[alert.severity],
    severity,
    status_id: status.id,
    status: status.name,
    ...(verdict === null ? {} : { verdict_id: verdict.id, verdict: verdict.name }),
    ...(alert.assignee === null ? {} : { assignee: { name: alert.assignee } }),
    time: alert.detected_at,
    start_time: alert.window.from,
    end_time: alert.window.to,
    message: alert.summary,
    is_alert: true,
    risk_score: wholeScore(alert.score),
    risk_level_id: RISK_LEVEL_ID[alert.severity],
    risk_level: severity,
    metadata: { ...metadata(uid, options), tenant_uid: alert.org_uid },
    finding_info: {
      uid: alert.alert_uid,
      title: `Unusual access to customer data: ${alert.detector}`,
      desc: alert.summary,
      created_time: alert.detected_at,
      modified_time: at,
      first_seen_time: alert.window.from,
      last_seen_time: alert.window.to,
      analytic: analytic(alert.detector),
      related_analytics: alert.detectors.filter((detector) => detector !== alert.detector).map(analytic),
      ...(link === null ? {} : { src_url: link }),
    },
    evidences: [{ actor: { user: userOf(alert) }, data: { findings: alert.findings.map(evidence) } }],
    remediation: { desc: firstStepOf(options.words, alert.detector) },
    unmapped: {
      leaver: alert.leaver,
      reason,
      ...(alert.labels.length === 0 ? {} : { labels: alert.labels }),
      ...(alert.follows === null ? {} : { follows: alert.follows }),
      ...(alert.verdict === null ? {} : { verdict: alert.verdict }),
      ...(reason === 'triaged' ? { triage } : {}),
    },
  }
}

const analytic = (detector: string) => ({
  uid: detector,
  name: detector,
  ...(detector.startsWith('custom:') ? ANALYTIC_TYPE.rule : ANALYTIC_TYPE.behavioral),
})

const evidence = ({ detector, time, measure, window, observed, expected }: Alert['findings'][number]) => ({
  detector,
  time,
  measure,
  window,
  observed,
  expected,
})

function userOf({ actor_uid, org_uid, staff }: Alert): object {
  const service = staff?.actor_type !== undefined && staff.actor_type !== 'user'
  return {
    uid: actor_uid,
    type_id: service ? 4 : 1,
    type: service ? 'Service' : 'User',
    org: { uid: org_uid },
    ...(staff?.name ? { full_name: staff.name } : {}),
    ...(staff?.email ? { email_addr: staff.email } : {}),
    ...(staff?.team ? { groups: [{ name: staff.team }] } : {}),
  }
}

const metadata = (uid: string, { version }: OcsfOptions) => ({
  version: OCSF_VERSION,
  uid,
  product: { name: 'crmwatch', vendor_name: 'crmwatch', version },
})

function baseEvent(message: Exclude<Message, { kind: 'alerts' }>, options: OcsfOptions): object {
  const test = message.kind === 'test'
  return {
    activity_id: OTHER.id,
    activity_name: test ? 'Test' : 'Undelivered',
    category_uid: 0,
    category_name: 'Uncategorized',
    class_uid: 0,
    class_name: 'Base Event',
    type_uid: OTHER.id,
    type_name: `Base Event: ${OTHER.name}`,
    severity_id: test ? 1 : 3,
    severity: test ? 'Informational' : 'Medium',
    time: message.at,
    message: test ? `Test of the channel ${message.channel}` : `The channel ${message.note.channel} cannot be reached`,
    metadata: metadata(message.uid, options),
    unmapped: test ? { channel: message.channel } : { ...message.note },
  }
}
