import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { Registry } from 'prom-client'
import { createAlertBook } from '../../alerts/alert-book.ts'
import { createSuppressionBook } from '../../alerts/suppression.ts'
import { buildApp } from '../../api/app.ts'
import type { CalibrationService } from '../../api/calibration-service.ts'
import { type ApiLimits, DEFAULT_API_LIMITS } from '../../api/options.ts'
import type { RiskService } from '../../api/risk-service.ts'
import type { AlertStreamEvent, ApiServices, HealthReport, IngestOutcome, TokenRole } from '../../api/services.ts'
import { openDesks } from '../../commands/open-desks.ts'
import { parseStaffRecord } from '../../ingest/staff/parse-staff.ts'
import { readStaffRecords } from '../../ingest/staff/read-staff.ts'
import type { Alert } from '../../model/alert.ts'
import { actorEvents } from '../../store/actor-events.ts'
import { alertEvents } from '../../store/alert-events.ts'
import { getAlert, listAlerts, readAlerts, upsertAlerts } from '../../store/alerts.ts'
import { appendAudit, auditOf } from '../../store/audit-log.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { listDeliveries } from '../../store/delivery-list.ts'
import { appendStaffRecords, staffHistory } from '../../store/staff-records.ts'
import { openTokens } from '../../store/tokens.ts'
import { sampleAlert, T0 } from '../store/sample-alert.ts'

export const NOW = T0 + 86_400_000
export const TENANT = 'acme'
/** Fastify adds the charset to every JSON type. */
export const PROBLEM = 'application/problem+json; charset=utf-8'

/**
 * The API over a real store. Two services are stand-ins that are honest about what they got: ingest takes every line
 * that is JSON with an actor_uid, actors know `u-17` alone.
 */
export interface Harness extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly db: Database
  readonly services: ApiServices
  /** Secrets by role; `role@acme` is bound to that tenant. */
  readonly secrets: Readonly<Record<string, string>>
  readonly lines: { text: string; org: string | null }[]
  /** What ingest and staff answer instead, when set. */
  busy: number | null
  /** Who answers for the calibration; no role has been judged until a test says so. */
  calibration: CalibrationService
  /** Who answers for risks; nobody has any until a test says so. */
  risks: RiskService
  /** Ingest waits for it. */
  gate: Promise<void>
  setHealth(report: HealthReport): void
  /** As the configuration does at a start. */
  configureAdmin(secret: string): Promise<void>
  publish(type: AlertStreamEvent['type'], alert: Alert): void
  listeners(): number
  auth(role: string): { authorization: string }
}

const NOT_CALIBRATED: CalibrationService = { list: async () => [] }

const NO_RISKS: RiskService = {
  list: async () => ({ items: [], next_cursor: null }),
  history: async () => null,
}

export async function createHarness(
  limits: Partial<ApiLimits> = {},
  logger: FastifyBaseLogger | null = null,
  defaultOrg = 'default',
): Promise<Harness> {
  const db = await openDatabase({ dir: ':memory:' })
  const tokens = await openTokens(db)
  const secrets: Record<string, string> = {}
  for (const role of ['ingest', 'viewer', 'analyst', 'admin', 'metrics'] as TokenRole[]) {
    secrets[role] = (await tokens.create({ name: role, role, org_uid: null }, NOW)).secret
    secrets[`${role}@${TENANT}`] = (await tokens.create({ name: role, role, org_uid: TENANT }, NOW)).secret
  }
  await upsertAlerts(db.writer, [
    sampleAlert(),
    sampleAlert({ alert_uid: 'alert-2', opened_at: T0 + 1, severity: 'low', status: 'closed', leaver: false }),
    sampleAlert({ alert_uid: 'alert-acme', opened_at: T0 + 2, org_uid: TENANT }),
  ])
  await db.writer.run(`
    INSERT INTO actors VALUES (0, 'default', 'u-17');
    INSERT INTO objects SELECT i, i, i, 'default', 'c-' || i FROM range(5) t(i);
    INSERT INTO origins VALUES (0, 0, 0, '10.0.0.1', 'Browser', NULL, NULL);
    INSERT INTO kinds VALUES (0, 'http', NULL, NULL, 'user', 'copy', 'contact', true, 'ids_counted', true, 'ui', NULL, NULL, 'success', false);
    INSERT INTO event_log SELECT i, ${T0} - i * 1000, ${T0}, 0, 0, 0, i % 5, NULL, 1, 'e-' || i, NULL, NULL FROM range(7) t(i)`)

  const listeners = new Set<(event: AlertStreamEvent) => void>()
  let eventId = 0
  const harness = {
    busy: null as number | null,
    gate: Promise.resolve(),
    lines: [] as Harness['lines'],
    risks: NO_RISKS,
    calibration: NOT_CALIBRATED,
  }
  const health = {
    report: { ready: true, alive: true, checks: { store: { ok: true, detail: 'writable' } } } as HealthReport,
  }
  const busyOr = async (work: () => Promise<IngestOutcome>): Promise<IngestOutcome> => {
    await harness.gate
    return harness.busy === null ? work() : { ok: false, retryAfterSeconds: harness.busy }
  }
  const services: ApiServices = {
    registry: new Registry(),
    ingest: {
      events: (lines, org) =>
        busyOr(async () => {
          const rejected: { line: number; reason: string }[] = []
          for (const [index, line] of lines.entries()) {
            harness.lines.push({ text: line.toString('utf8'), org })
            if (!isEvent(line)) rejected.push({ line: index + 1, reason: 'invalid_json' })
          }
          return { ok: true, result: { accepted: lines.length - rejected.length, duplicates: 0, rejected } }
        }),
    },
    sources: NO_SOURCES,
    staff: {
      parse: parseStaffRecord,
      read: readStaffRecords,
      record: (records) =>
        busyOr(async () => {
          const added = await appendStaffRecords(db.writer, records, NOW)
          return {
            ok: true,
            result: { accepted: added.length, duplicates: records.length - added.length, rejected: [] },
          }
        }),
      history: (org, actor) => staffHistory(db, org, actor),
    },
    alerts: {
      list: (filter, cursor, limit) => listAlerts(db, filter, cursor, limit),
      read: (uids) => readAlerts(db, uids),
      get: (uid) => getAlert(db, uid),
      events: async (uid, cursor, limit) => {
        const alert = await getAlert(db, uid)
        return alert === null ? null : alertEvents(db, alert, cursor, limit)
      },
    },
    deliveries: {
      async list(filter, cursor, limit) {
        const page = await listDeliveries(db, filter, cursor, limit)
        return { ...page, items: page.items.map((row) => ({ ...row, told_alert_uid: row.alert_uid })) }
      },
    },
    ...openDesks({
      db,
      book: createAlertBook({
        severity: { medium: 40, high: 60, critical: 80 },
      }),
      suppressions: createSuppressionBook(),
      customRules: { detectors: ['custom:quick-exports'] },
      pipeline: { between: inTurn() },
      now: () => NOW,
      planTriage: () => [],
      changed: (alert) => {
        eventId++
        for (const listener of listeners) listener({ type: 'alert.updated', id: eventId, alert })
      },
    }),
    actors: {
      examine: async (org, actor, reason, { token_uid, name }) => {
        if (org !== 'default' || actor !== 'u-17') return { kind: 'absent' }
        if (reason === 'one too many') return { kind: 'busy' }
        const detail = { action: 'examined', reason, from: T0 - 1, to: T0 } as const
        await appendAudit(db.writer, [
          { done_at: NOW, org_uid: org, token_uid, token_name: name, subject: 'actor', subject_uid: actor, detail },
        ])
        const went = { findings_new: 1, findings_known: 2, findings_suppressed: 3 }
        const alerts = { alerts: [sampleAlert()], known_in: ['alert-2'] }
        return { kind: 'examined', from: T0 - 1, to: T0, findings: 6, ...went, ...alerts }
      },
      events: async (org, actor, filter, cursor, limit) =>
        org === 'default' && actor === 'u-17' ? actorEvents(db, org, actor, filter, cursor, limit) : null,
      examinations: (org, uid, cursor, limit) => auditOf(db, { subject: 'actor', uid, org }, cursor, limit),
      get: async (org, actor) =>
        actor !== 'u-17' || org !== 'default'
          ? null
          : {
              actor_uid: actor,
              org_uid: org,
              leaver: 'notice',
              staff: null,
              first_seen: T0,
              last_seen: null,
              risk: 61.5,
              windows: [
                {
                  measure: 'contacts_copied',
                  window: '1h',
                  count: 143,
                  expected: 6,
                  expected_peers: 9,
                  limit: 30,
                  baseline_days: 40,
                },
              ],
              alerts: [sampleAlert()],
            },
    },
    risks: {
      list: (filter, cursor, limit) => harness.risks.list(filter, cursor, limit),
      history: (org, actor, days) => harness.risks.history(org, actor, days),
    },
    calibration: { list: (org) => harness.calibration.list(org) },
    tokens: {
      verify: tokens.verify,
      list: tokens.list,
      create: (token) => tokens.create(token, NOW),
      revoke: (uid) => tokens.revoke(uid, NOW),
    },
    health: () => health.report,
    stream: {
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
  }
  const app = await buildApp(services, {
    version: '0.0.0-test',
    now: () => NOW,
    language: 'en',
    defaultOrg,
    instanceId: 'boot1',
    logger,
    trustProxy: false,
    limits: { ...DEFAULT_API_LIMITS, requestsPerMinute: 1_000_000, failedAuthPerMinute: 1_000_000, ...limits },
  })
  return Object.assign(harness, {
    app,
    db,
    services,
    secrets,
    setHealth(report: HealthReport) {
      health.report = report
    },
    configureAdmin: (secret: string) => tokens.setOwnAdmin(secret, NOW),
    publish(type: AlertStreamEvent['type'], alert: Alert) {
      eventId++
      for (const listener of listeners) listener({ type, id: eventId, alert })
    },
    listeners: () => listeners.size,
    auth: (role: string) => ({ authorization: `Bearer ${secrets[role]}` }),
    async [Symbol.asyncDispose]() {
      await app.close()
      await db[Symbol.asyncDispose]()
    },
  })
}

/** None is configured; test/api/sources.test.ts has real ones. */
const NO_SOURCES: ApiServices['sources'] = {
  find: () => null,
  users: async () => [],
  putUsers: async () => ({ ok: true, users: 0 }),
  list: async () => [],
  get: async () => null,
  unmapped: async () => [],
  letters: async () => ({ items: [], next_cursor: null }),
  retry: async () => null,
  take: async () => null,
  importState: () => Promise.reject(new Error('not to be called')),
  importPart: () => Promise.reject(new Error('not to be called')),
}

/** One task at a time, as the pipeline runs them. */
function inTurn() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(task: () => Promise<T>): Promise<T> => {
    const done = last.then(task)
    last = done.catch(() => undefined)
    return done
  }
}

function isEvent(line: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    return typeof value === 'object' && value !== null && 'actor_uid' in value
  } catch {
    return false
  }
}
