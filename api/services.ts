import type { Registry } from 'prom-client'
import type { SuppressionDesk } from '../alerts/suppression-desk.ts'
import type { TriageDesk } from '../alerts/triage-desk.ts'
import type { Alert } from '../model/alert.ts'
import type { ContactAccessEvent } from '../model/event.ts'
import type { Measure, Window } from '../model/measure.ts'
import type { LeaverState, StaffRecord } from '../model/staff.ts'
import type { Suppression } from '../model/suppression.ts'
import type { Analyst } from '../model/triage.ts'
import type { ActorEventFilter } from '../store/actor-events.ts'
import type { AlertFilter, AlertState, DetectorVerdicts } from '../store/alerts.ts'
import type { AuditEntry } from '../store/audit-log.ts'
import type { Page } from '../store/cursor.ts'
import type { DeliveryFilter, DeliveryRow } from '../store/delivery-list.ts'
import type { NewToken, Principal, RevokeOutcome, TokenRecord } from '../store/tokens.ts'
import type { CalibrationService } from './calibration-service.ts'
import type { RiskService } from './risk-service.ts'
import type { SourceService } from './source-service.ts'

export { MOST_AT_ONCE, type TriageOutcome } from '../alerts/triage-desk.ts'
export type { AlertFilter, AlertState } from '../store/alerts.ts'
export { InvalidCursor, type Page } from '../store/cursor.ts'
export type { DeliveryFilter, DeliveryRow } from '../store/delivery-list.ts'
export {
  type NewToken,
  type Principal,
  TOKEN_NAME_CHARACTERS,
  TOKEN_ROLES,
  type TokenRecord,
  type TokenRole,
  whyNotBound,
} from '../store/tokens.ts'

/** What the HTTP routes need of the rest; main.ts supplies it. */
export interface ApiServices {
  readonly registry: Registry
  readonly ingest: IngestService
  readonly sources: SourceService
  readonly staff: StaffService
  readonly alerts: AlertService
  readonly deliveries: DeliveryService
  readonly triage: TriageService
  readonly suppressions: SuppressionService
  readonly actors: ActorService
  readonly risks: RiskService
  readonly calibration: CalibrationService
  readonly tokens: TokenService
  readonly health: () => HealthReport
  readonly stream: AlertStream
}

export interface IngestResult {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

/** `busy`: the queue is full; the caller answers 429 with Retry-After. */
export type IngestOutcome =
  | { readonly ok: true; readonly result: IngestResult }
  | { readonly ok: false; readonly retryAfterSeconds: number }

export interface IngestService {
  /** Each line is one JSON text (bare event or CloudEvent). Resolves after the commit. `org` forces the tenant of a scoped token. */
  events(lines: readonly Buffer[], org: string | null): Promise<IngestOutcome>
}

/** What a staff row that names no tenant or no time of its own gets. */
export interface StaffDefaults {
  readonly org: string
  /** Epoch ms. */
  readonly now: number
}

export type ParsedStaffRecord =
  | { readonly ok: true; readonly record: StaffRecord }
  | { readonly ok: false; readonly reason: string }

export const STAFF_FORMATS = ['json', 'ndjson', 'csv'] as const
export type StaffFormat = (typeof STAFF_FORMATS)[number]

/** Rows with their line numbers, counted from 1; not ok when the body as a whole cannot be read. */
export type StaffRows =
  | {
      readonly ok: true
      readonly records: readonly { readonly line: number; readonly record: StaffRecord }[]
      readonly rejected: readonly { readonly line: number; readonly reason: string }[]
    }
  | { readonly ok: false; readonly fault: 'unreadable' | 'too_many'; readonly reason: string }

export interface StaffService {
  /** One staff row as it came (ours, or with the columns of Purview's HR connector) as a record. Pure. */
  parse(value: unknown, defaults: StaffDefaults): ParsedStaffRecord
  /** A whole body of rows. Pure. */
  read(format: StaffFormat, body: Buffer, defaults: StaffDefaults, maxRows: number): StaffRows
  /** Takes records already validated as StaffRecord; resolves after the commit. */
  record(records: readonly StaffRecord[]): Promise<IngestOutcome>
  history(org: string, actor: string): Promise<StaffRecord[]>
}

export interface AlertService {
  /** Newest first by (opened_at, alert_uid). Throws InvalidCursor for a cursor it did not give out. */
  list(filter: AlertFilter, cursor: string | null, limit: number): Promise<Page<AlertState>>
  /** Those that there are, and the state they are read in, in no order. */
  read(uids: readonly string[]): Promise<{ readonly state: string; readonly alert: Alert }[]>
  get(uid: string): Promise<Alert | null>
  /** The evidence: the events behind an alert, oldest first; null when there is no such alert. */
  events(uid: string, cursor: string | null, limit: number): Promise<Page<ContactAccessEvent> | null>
}

export interface ToldDelivery extends DeliveryRow {
  /** The id under which the channel was told of the alert. */
  readonly told_alert_uid: string | null
}

export interface DeliveryService {
  /** Newest first by (created_at, delivery_uid). Throws InvalidCursor for a cursor it did not give out. */
  list(filter: DeliveryFilter, cursor: string | null, limit: number): Promise<Page<ToldDelivery>>
}

export interface TriageService extends TriageDesk {
  /** What was done with an alert, oldest first. Throws InvalidCursor for a cursor it did not give out. */
  history(alert_uid: string, cursor: string | null, limit: number): Promise<Page<AuditEntry<'alert'>>>
  /** `from`: alerts opened at or after, epoch ms. */
  verdicts(org: string | undefined, from: number): Promise<DetectorVerdicts[]>
}

export interface SuppressionService extends SuppressionDesk {
  /** Newest first. Throws InvalidCursor for a cursor it did not give out. */
  list(
    filter: { readonly org?: string; readonly inForceAt?: number },
    cursor: string | null,
    limit: number,
  ): Promise<Page<Suppression>>
}

export interface ActorWindow {
  readonly measure: Measure
  readonly window: Window
  readonly count: number
  readonly expected: number
  readonly expected_peers: number
  readonly limit: number
  readonly baseline_days: number
}

export interface ActorView {
  readonly actor_uid: string
  readonly org_uid: string
  readonly leaver: LeaverState
  readonly staff: StaffRecord | null
  readonly first_seen: number | null
  readonly last_seen: number | null
  /** 0 to 100. */
  readonly risk: number
  readonly windows: readonly ActorWindow[]
  readonly alerts: readonly Alert[]
}

/** What came of examining a past. `from`, `to`: what was held to the leaver's cut, event time in epoch ms. */
export type ExaminationOutcome =
  | {
      readonly kind: 'examined'
      readonly from: number
      readonly to: number | null
      /** All of them: each is new, known or suppressed. */
      readonly findings: number
      readonly findings_new: number
      readonly findings_known: number
      readonly findings_suppressed: number
      /** Those that the new ones opened or extended. */
      readonly alerts: readonly Alert[]
      /** Uids of other alerts, which hold the known ones. */
      readonly known_in: readonly string[]
    }
  | { readonly kind: 'absent' | 'busy' }

export interface ActorService {
  get(org: string, actor: string): Promise<ActorView | null>
  /** Has the past examined at the leaver's cut; resolves when what was found is stored. */
  examine(org: string, actor: string, reason: string, analyst: Analyst): Promise<ExaminationOutcome>
  /** The stored events, oldest first; null for somebody who was never seen. Throws InvalidCursor for a cursor it did not give out. */
  events(
    org: string,
    actor: string,
    filter: ActorEventFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<ContactAccessEvent> | null>
  /** Who had it examined and why, oldest first. Throws InvalidCursor for a cursor it did not give out. */
  examinations(org: string, actor: string, cursor: string | null, limit: number): Promise<Page<AuditEntry<'actor'>>>
}

export interface TokenService {
  verify(secret: string): Principal | null
  list(): readonly TokenRecord[]
  /** The secret is given out here once. */
  create(token: NewToken): Promise<{ readonly token: TokenRecord; readonly secret: string }>
  revoke(token_uid: string): Promise<RevokeOutcome>
}

export interface HealthReport {
  /** Fit to take work: state rebuilt, store writable, every source running. */
  readonly ready: boolean
  /** False only when the process should be restarted. */
  readonly alive: boolean
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>
}

export interface AlertStreamEvent {
  readonly type: 'alert.opened' | 'alert.updated'
  /** Rises by one per event; the SSE id. */
  readonly id: number
  readonly alert: Alert
}

export interface AlertStream {
  /** Calls `listener` after each commit that opened or changed an alert; returns the way to stop. */
  subscribe(listener: (event: AlertStreamEvent) => void): () => void
}
