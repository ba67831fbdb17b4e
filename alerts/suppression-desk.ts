import { randomUUID } from 'node:crypto'
import type { Alert } from '../model/alert.ts'
import {
  SCOPE_OF_EFFECT,
  SUPPRESSION_LIMITS,
  type Suppression,
  type SuppressionEffect,
  type SuppressionScope,
} from '../model/suppression.ts'
import type { Analyst } from '../model/triage.ts'
import { matchingAlerts } from '../store/alerts.ts'
import { appendAudit } from '../store/audit-log.ts'
import type { Database } from '../store/database.ts'
import { countScopedEvents, type ScopedEvents } from '../store/scoped-events.ts'
import { getSuppression, insertSuppression, markRevoked } from '../store/suppressions.ts'
import { inTransaction } from '../store/transaction.ts'
import { effectOn, type SuppressionBook } from './suppression.ts'

/** Times in epoch ms. */
export interface NewSuppression {
  readonly org_uid: string
  readonly effect: SuppressionEffect
  readonly scope: SuppressionScope
  readonly reason: string
  readonly starts_at: number
  readonly ends_at: number
}

interface Refused {
  readonly kind: 'refused'
  readonly path: string
  readonly message: string
}

export type SuppressionOutcome = { readonly kind: 'done'; readonly suppression: Suppression } | Refused

/** What a suppression would have done to the alerts of the past. */
export interface SuppressionPreview {
  readonly alerts: number
  readonly not_opened: number
  readonly fewer_findings: number
  /** The newest of those that would not have opened. */
  readonly examples: readonly Alert[]
}

export interface SuppressionDesk {
  /** What cannot be held back, because the effect or the deployment does not know of it; null when all can. */
  scopeFault(effect: SuppressionEffect, scope: SuppressionScope): Refused | null
  preview(org: string, scope: SuppressionScope, from: number): Promise<SuppressionPreview>
  /** What leaving events out would have left out, of those from `from` on. */
  previewEvents(org: string, scope: SuppressionScope, from: number): Promise<ScopedEvents>
  create(wanted: NewSuppression, analyst: Analyst): Promise<SuppressionOutcome>
  /** Null when there is no such suppression, or it is revoked already. */
  revoke(uid: string, analyst: Analyst, sees: (org: string) => boolean): Promise<Suppression | null>
}

export interface SuppressionDeskParts {
  readonly db: Database
  readonly book: SuppressionBook
  readonly between: <T>(task: () => Promise<T>) => Promise<T>
  /** What is wrong with the id of a detector, without repeating it; null for one that there is. */
  readonly faultOfDetector: (id: string) => string | null
  readonly now: () => number
}

const EXAMPLES = 5
/** The newest so many alerts are looked at. */
const MOST_PREVIEWED = 10_000

/** Where suppressions are made and ended: each in one transaction with its entry in the record. */
export function createSuppressionDesk({
  db,
  book,
  between,
  faultOfDetector,
  now,
}: SuppressionDeskParts): SuppressionDesk {
  const record = async (
    suppression: Suppression,
    action: 'created' | 'revoked',
    analyst: Analyst,
    write: (connection: Database['writer']) => Promise<void>,
  ) => {
    const { org_uid, suppression_uid: subject_uid, effect, scope, reason, starts_at, ends_at } = suppression
    const by = { token_uid: analyst.token_uid, token_name: analyst.name }
    const detail = { action, effect, scope, reason, starts_at, ends_at }
    await inTransaction(db.writer, async (connection) => {
      await write(connection)
      await appendAudit(connection, [{ done_at: now(), org_uid, ...by, subject: 'suppression', subject_uid, detail }])
    })
    book.put(suppression)
  }

  const scopeFault = (effect: SuppressionEffect, scope: SuppressionScope): Refused | null => {
    const fault = fieldFault(effect, scope)
    if (fault !== null || scope.detector === undefined) return fault
    const message = faultOfDetector(scope.detector)
    return message === null ? null : { kind: 'refused', path: '/scope/detector', message }
  }

  return {
    scopeFault,
    async preview(org, scope, from) {
      let alerts = 0
      let fewer_findings = 0
      let not_opened = 0
      const examples: Alert[] = []
      for (const alert of await matchingAlerts(db, { org, from }, MOST_PREVIEWED)) {
        alerts++
        const effect = effectOn(alert, scope)
        if (effect === 'fewer_findings') fewer_findings++
        if (effect !== 'not_opened') continue
        not_opened++
        if (examples.length < EXAMPLES) examples.push(alert)
      }
      return { alerts, not_opened, fewer_findings, examples }
    },
    previewEvents: (org, scope, from) => countScopedEvents(db, org, scope, from),
    create: ({ org_uid, effect, scope, reason, starts_at, ends_at }, analyst) =>
      between(async () => {
        const at = now()
        const fault = scopeFault(effect, scope) ?? faultOf(starts_at, ends_at, at)
        if (fault !== null) return fault
        if (book.inForce(org_uid, at) >= SUPPRESSION_LIMITS.inForce) {
          const message = `there are ${SUPPRESSION_LIMITS.inForce} suppressions in force already: revoke one first`
          return { kind: 'refused', path: '', message }
        }
        const suppression: Suppression = {
          suppression_uid: `s.${randomUUID()}`,
          org_uid,
          effect,
          scope,
          reason,
          created_by: analyst.name,
          created_at: at,
          starts_at,
          ends_at,
          revoked_by: null,
          revoked_at: null,
          suppressed: 0,
          last_suppressed_at: null,
        }
        await record(suppression, 'created', analyst, (connection) => insertSuppression(connection, suppression))
        return { kind: 'done', suppression }
      }),
    revoke: (uid, analyst, sees) =>
      between(async () => {
        const known = await getSuppression(db, uid)
        if (known === null || known.revoked_at !== null || !sees(known.org_uid)) return null
        const revoked = { ...known, revoked_by: analyst.name, revoked_at: now() }
        await record(revoked, 'revoked', analyst, (connection) =>
          markRevoked(connection, uid, analyst.name, revoked.revoked_at),
        )
        return revoked
      }),
  }
}

/** What cannot be asked of the effect. */
function fieldFault(effect: SuppressionEffect, scope: SuppressionScope): Refused | null {
  const allowed: readonly string[] = SCOPE_OF_EFFECT[effect]
  const strange = Object.keys(scope).find((field) => !allowed.includes(field))
  if (strange === undefined) return null
  return {
    kind: 'refused',
    path: `/scope/${strange}`,
    message: `${effect} can be held back by: ${allowed.join(', ')}`,
  }
}

function faultOf(starts_at: number, ends_at: number, now: number): Refused | null {
  if (ends_at <= now) return { kind: 'refused', path: '/ends_at', message: 'must lie ahead' }
  if (ends_at <= starts_at) return { kind: 'refused', path: '/ends_at', message: 'must come after starts_at' }
  if (ends_at - Math.min(starts_at, now) > SUPPRESSION_LIMITS.longestMs)
    return {
      kind: 'refused',
      path: '/ends_at',
      message: 'a suppression lasts 366 days at most; extend it by a new one',
    }
  return null
}
