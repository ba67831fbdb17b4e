import type { Alert } from '../model/alert.ts'
import type { Analyst, TriageAction, TriageChange } from '../model/triage.ts'
import { type AlertFilter, getAlert, getAlerts, matchingAlerts, upsertAlerts } from '../store/alerts.ts'
import { type AuditEntry, appendAudit } from '../store/audit-log.ts'
import type { Database } from '../store/database.ts'
import { appendDeliveries, type NewDelivery } from '../store/deliveries.ts'
import { inTransaction } from '../store/transaction.ts'
import type { AlertBook } from './alert-book.ts'
import { isSettled, triage } from './triage.ts'

/** `stale`: somebody or something changed the alert since the version the change was made on. */
export type TriageOutcome =
  | { readonly kind: 'changed' | 'unchanged'; readonly alert: Alert }
  | { readonly kind: 'stale'; readonly version: number }
  | { readonly kind: 'refused'; readonly path: string; readonly message: string }
  | { readonly kind: 'absent' }

export interface TriageRequest {
  readonly alert_uid: string
  /** The version the analyst saw; null for a change that holds on any, such as a note. */
  readonly version: number | null
}

export interface BulkResult {
  readonly changed: number
  readonly unchanged: number
  readonly failed: readonly { readonly alert_uid: string; readonly reason: string }[]
}

/** `too_many`: the filter holds more alerts than one request may change; none was. */
export type FilterResult = BulkResult | { readonly kind: 'too_many' }

export interface TriageDeskParts {
  readonly db: Database
  readonly book: Pick<AlertBook, 'replace'>
  /** Runs a task while no batch is being written, so that what analysts and findings change is never the same at once. */
  readonly between: <T>(task: () => Promise<T>) => Promise<T>
  /** Epoch ms. */
  readonly now: () => number
  /** Who is to be told of what an analyst did; pure. */
  readonly plan: PlanTriage
  /** After the commit. */
  readonly changed: (alert: Alert) => void
}

export type PlanTriage = (
  alert: Alert,
  done: { readonly by: string; readonly actions: readonly TriageAction[] },
  now: number,
) => readonly NewDelivery[]

export interface TriageDesk {
  /** `sees` tells whether the analyst may work on alerts of a tenant. */
  change(
    request: TriageRequest,
    change: TriageChange,
    analyst: Analyst,
    sees: (org: string) => boolean,
  ): Promise<TriageOutcome>
  /** One change on many alerts, each by itself. */
  changeAll(
    requests: readonly TriageRequest[],
    change: TriageChange,
    analyst: Analyst,
    sees: (org: string) => boolean,
  ): Promise<BulkResult>
  /** One change on all alerts that a filter holds at the moment of the change. */
  changeMatching(filter: AlertFilter, change: TriageChange, analyst: Analyst): Promise<FilterResult>
}

/** Alerts that one request may change. */
export const MOST_AT_ONCE = 500

/** Where analysts change alerts: each request is one transaction, with its entries in the record and what is told of it. */
export function createTriageDesk({ db, book, between, now, plan, changed }: TriageDeskParts): TriageDesk {
  interface Step {
    readonly alert: Alert
    readonly entries: readonly AuditEntry[]
    readonly deliveries: readonly NewDelivery[]
  }

  const stepOf = (
    alert: Alert | null,
    { version }: TriageRequest,
    change: TriageChange,
    analyst: Analyst,
    sees: (org: string) => boolean,
  ): { readonly outcome: TriageOutcome; readonly step: Step | null } => {
    // Another tenant's alert is answered like one that is not there.
    if (alert === null || !sees(alert.org_uid)) return { outcome: { kind: 'absent' }, step: null }
    if (version !== null && version !== alert.version)
      return { outcome: { kind: 'stale', version: alert.version }, step: null }
    const result = triage(alert, change)
    if (result.kind === 'refused') return { outcome: result, step: null }
    if (result.kind === 'unchanged') return { outcome: { kind: 'unchanged', alert }, step: null }
    const { state, actions } = result
    const at = now()
    const closed_at = isSettled(state.status) ? (alert.closed_at ?? at) : null
    const next: Alert = { ...alert, ...state, labels: [...state.labels], closed_at, version: alert.version + 1 }
    const entries = actions.map((action) => entryOf(next, action, analyst, at))
    const deliveries = plan(next, { by: analyst.name, actions }, at)
    return { outcome: { kind: 'changed', alert: next }, step: { alert: next, entries, deliveries } }
  }

  const store = async (steps: readonly Step[]): Promise<void> => {
    if (steps.length === 0) return
    await inTransaction(db.writer, async (connection) => {
      await upsertAlerts(
        connection,
        steps.map(({ alert }) => alert),
      )
      await appendAudit(
        connection,
        steps.flatMap(({ entries }) => entries),
      )
      await appendDeliveries(
        connection,
        steps.flatMap(({ deliveries }) => deliveries),
      )
    })
    for (const { alert } of steps) book.replace(alert)
    for (const { alert } of steps) changed(alert)
  }

  const changeEach = async (
    alerts: readonly { readonly request: TriageRequest; readonly alert: Alert | null }[],
    change: TriageChange,
    analyst: Analyst,
    sees: (org: string) => boolean,
  ): Promise<BulkResult> => {
    const steps: Step[] = []
    const failed: { alert_uid: string; reason: string }[] = []
    let unchanged = 0
    // An alert that is named twice is changed once: the second time it is no longer at the version given.
    const stepped = new Map<string, Alert>()
    for (const { request, alert } of alerts) {
      const standing = stepped.get(request.alert_uid) ?? alert
      const { outcome, step } = stepOf(standing, request, change, analyst, sees)
      if (step !== null) {
        steps.push(step)
        stepped.set(request.alert_uid, step.alert)
      } else if (outcome.kind === 'unchanged') unchanged++
      else failed.push({ alert_uid: request.alert_uid, reason: reasonOf(outcome) })
    }
    await store(steps)
    return { changed: steps.length, unchanged, failed }
  }

  return {
    change: (request, change, analyst, sees) =>
      between(async () => {
        const alert = await getAlert(db, request.alert_uid)
        const { outcome, step } = stepOf(alert, request, change, analyst, sees)
        if (step !== null) await store([step])
        return outcome
      }),
    changeAll: (requests, change, analyst, sees) =>
      between(async () => {
        const uids = requests.map(({ alert_uid }) => alert_uid)
        const known = new Map((await getAlerts(db, uids)).map((alert) => [alert.alert_uid, alert]))
        const alerts = requests.map((request) => ({ request, alert: known.get(request.alert_uid) ?? null }))
        return changeEach(alerts, change, analyst, sees)
      }),
    changeMatching: (filter, change, analyst) =>
      between(async () => {
        const alerts = await matchingAlerts(db, filter, MOST_AT_ONCE + 1)
        if (alerts.length > MOST_AT_ONCE) return { kind: 'too_many' }
        const asked = alerts.map((alert) => ({ request: { alert_uid: alert.alert_uid, version: null }, alert }))
        return changeEach(asked, change, analyst, () => true)
      }),
  }
}

const entryOf = (alert: Alert, action: TriageAction, { token_uid, name }: Analyst, done_at: number): AuditEntry => ({
  done_at,
  org_uid: alert.org_uid,
  token_uid,
  token_name: name,
  subject: 'alert',
  subject_uid: alert.alert_uid,
  detail: action,
})

function reasonOf(outcome: TriageOutcome): string {
  switch (outcome.kind) {
    case 'absent':
      return 'there is no such alert'
    case 'stale':
      return `it was changed meanwhile, to version ${outcome.version}`
    case 'refused':
      return outcome.message
    default:
      return outcome.kind
  }
}
