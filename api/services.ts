import type { Registry } from 'prom-client'
import type { Alert, AlertStatus, Severity } from '../model/alert.ts'
import type { ContactAccessEvent } from '../model/event.ts'
import type { Measure, Window } from '../model/measure.ts'
import type { LeaverState, StaffRecord } from '../model/staff.ts'

/** What the HTTP routes need of the rest; main.ts supplies it. */
export interface ApiServices {
  readonly registry: Registry
  readonly ingest: IngestService
  readonly staff: StaffService
  readonly alerts: AlertService
  readonly actors: ActorService
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

export interface StaffService {
  /** Takes records already validated as StaffRecord; resolves after the commit. */
  record(records: readonly StaffRecord[]): Promise<IngestOutcome>
  history(org: string, actor: string): Promise<StaffRecord[]>
}

export interface Page<T> {
  readonly items: T[]
  readonly next_cursor: string | null
}

export interface AlertFilter {
  readonly org?: string
  readonly status?: readonly AlertStatus[]
  readonly severity?: readonly Severity[]
  readonly detector?: readonly string[]
  readonly actor?: string
  readonly leaver?: boolean
  /** opened_at >= from, epoch ms. */
  readonly from?: number
  /** opened_at < to, epoch ms. */
  readonly to?: number
}

export interface AlertService {
  /** Newest first by (opened_at, alert_uid). Throws InvalidCursor for a cursor it did not give out. */
  list(filter: AlertFilter, cursor: string | null, limit: number): Promise<Page<Alert>>
  get(uid: string): Promise<Alert | null>
  /** The evidence: the events behind an alert, oldest first; null when there is no such alert. */
  events(uid: string, cursor: string | null, limit: number): Promise<Page<ContactAccessEvent> | null>
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
  readonly windows: readonly ActorWindow[]
  readonly alerts: readonly Alert[]
}

export interface ActorService {
  get(org: string, actor: string): Promise<ActorView | null>
}

export const TOKEN_ROLES = ['ingest', 'viewer', 'analyst', 'admin', 'metrics'] as const
export type TokenRole = (typeof TOKEN_ROLES)[number]

export interface Principal {
  readonly token_uid: string
  readonly name: string
  readonly role: TokenRole
  /** The only tenant this token may see or feed; null for all. */
  readonly org_uid: string | null
}

export interface TokenService {
  verify(secret: string): Principal | null
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
