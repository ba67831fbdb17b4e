import type { Registry } from 'prom-client'
import { type PlanOptions, planTriage } from '../alerts/delivery/plan-deliveries.ts'
import type { ApiServices } from '../api/services.ts'
import type { Config } from '../config.ts'
import type { Core } from '../ingest/core.ts'
import { splitByRoom } from '../ingest/pipeline/room-for-people.ts'
import { parseStaffRecord } from '../ingest/staff/parse-staff.ts'
import { readStaffRecords } from '../ingest/staff/read-staff.ts'
import type { Alert } from '../model/alert.ts'
import { actorEvents } from '../store/actor-events.ts'
import { alertEvents } from '../store/alert-events.ts'
import { getAlert, listAlerts, readAlerts } from '../store/alerts.ts'
import { auditOf } from '../store/audit-log.ts'
import { listDeliveries } from '../store/delivery-list.ts'
import { staffHistory } from '../store/staff-records.ts'
import type { TokenStore } from '../store/tokens.ts'
import { coreOptions } from './core-options.ts'
import { createToldDelivery } from './delivery/told-deliveries.ts'
import { createExaminer } from './examine-actor.ts'
import { listRisks } from './list-risks.ts'
import { openDesks } from './open-desks.ts'
import { readActor } from './read-actor.ts'
import { readCalibration } from './read-calibration.ts'
import { readRisk } from './read-risk.ts'

export interface ApiServiceParts extends Pick<ApiServices, 'sources' | 'health' | 'stream'> {
  readonly registry: Registry
  readonly config: Config
  readonly core: Core
  readonly tokens: TokenStore
  readonly plan: PlanOptions
  readonly now: () => number
  /** After an analyst's change of an alert is stored. */
  readonly changed: (alert: Alert) => void
}

/** What the routes need, over a running core. */
export function createApiServices(parts: ApiServiceParts): ApiServices {
  const { registry, config, core, tokens, plan, now, changed, sources, health, stream } = parts
  const told = createToldDelivery(config)
  const latestTime = () => now() + config.ingest.max_future_ms
  return {
    registry,
    ingest: {
      async events(lines, org) {
        const result = core.pipeline.submitEvents(lines, 'http', org)
        return result === null ? { ok: false, retryAfterSeconds: 1 } : { ok: true, result: await result }
      },
    },
    sources,
    staff: {
      parse: (value, defaults) => parseStaffRecord(value, { ...defaults, latestTime: latestTime() }),
      read: (format, body, defaults, maxRows) =>
        readStaffRecords(format, body, { ...defaults, latestTime: latestTime() }, maxRows),
      async record(records) {
        const { taken, rejected } = splitByRoom(core.codes, records)
        if (taken.length > 0) await core.pipeline.submitStaff(taken)
        return { ok: true, result: { accepted: taken.length, duplicates: 0, rejected } }
      },
      history: (org, actor) => staffHistory(core.db, org, actor),
    },
    alerts: {
      list: (filter, cursor, limit) => listAlerts(core.db, filter, cursor, limit),
      read: (uids) => readAlerts(core.db, uids),
      get: (uid) => getAlert(core.db, uid),
      async events(uid, cursor, limit) {
        const alert = await getAlert(core.db, uid)
        return alert === null ? null : alertEvents(core.db, alert, cursor, limit)
      },
    },
    deliveries: {
      async list(filter, cursor, limit) {
        const page = await listDeliveries(core.db, filter, cursor, limit)
        return { ...page, items: page.items.map(told) }
      },
    },
    ...openDesks({ ...core, now, planTriage: (alert, done, at) => planTriage(alert, done, plan, at), changed }),
    actors: {
      get: (org, actor) => readActor(core, org, actor, now()),
      examine: createExaminer({ ...core, now }),
      async events(org, actor, filter, cursor, limit) {
        if (core.codes.findActor(org, actor) === -1) return null
        return await actorEvents(core.db, org, actor, filter, cursor, limit)
      },
      examinations: (org, uid, cursor, limit) => auditOf(core.db, { subject: 'actor', uid, org }, cursor, limit),
    },
    risks: {
      list: (filter, cursor, limit) => listRisks(core, filter, cursor, limit, now()),
      history: (org, actor, days) => readRisk(core, org, actor, days, now()),
    },
    calibration: { list: (org) => readCalibration(core, org, coreOptions(config).budget, now()) },
    tokens: { ...tokens, create: (token) => tokens.create(token, now()), revoke: (uid) => tokens.revoke(uid, now()) },
    health,
    stream,
  }
}
