import { randomBytes } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { Dispatcher } from '../alerts/delivery/dispatcher.ts'
import { planDeliveries, planTriage } from '../alerts/delivery/plan-deliveries.ts'
import { buildApp } from '../api/app.ts'
import { createCustomRuleMetrics } from '../api/custom-rule-metrics.ts'
import { createDeliveryMetrics } from '../api/delivery-metrics.ts'
import { DEFAULT_API_LIMITS } from '../api/options.ts'
import type { ProcessReading } from '../api/process-metrics.ts'
import { createServiceMetrics } from '../api/service-metrics.ts'
import type { AlertStreamEvent, ApiServices } from '../api/services.ts'
import { createTriageMetrics } from '../api/triage-metrics.ts'
import type { Config } from '../config.ts'
import { createCalendar } from '../detectors/calendar.ts'
import { DETECTORS } from '../detectors/registry.ts'
import { type Core, openCore } from '../ingest/core.ts'
import type { KafkaSource } from '../ingest/kafka/consumer.ts'
import { createDeadLetterProducer, type DeadLetterProducer } from '../ingest/kafka/dead-letter-producer.ts'
import { KAFKA_FAILURE_CODES } from '../ingest/kafka/options.ts'
import { createSystemRuntime } from '../ingest/kafka/runtime.ts'
import { createThreadedKafkaSource } from '../ingest/kafka/thread/threaded-source.ts'
import { PULL_FAILURES } from '../ingest/sources/pull/pull-failure.ts'
import { HOUR_MS } from '../ingest/sources/write-tallies.ts'
import { parseStaffRecord } from '../ingest/staff/parse-staff.ts'
import { readStaffRecords } from '../ingest/staff/read-staff.ts'
import type { Alert } from '../model/alert.ts'
import type { LookUp } from '../net/resolve-host.ts'
import { alertEvents } from '../store/alert-events.ts'
import { getAlert, listAlerts, verdictCounts } from '../store/alerts.ts'
import { auditOf } from '../store/audit-log.ts'
import { deleteDoneDeliveries, outboxCounts } from '../store/deliveries.ts'
import { listDeliveries } from '../store/delivery-list.ts'
import { compact, deleteOlder, storeBytes } from '../store/maintenance.ts'
import { forgetSourceHours } from '../store/source-records.ts'
import { newestStaffTime, staffHistory } from '../store/staff-records.ts'
import { openTokens, type TokenStore } from '../store/tokens.ts'
import { coreOptions } from './core-options.ts'
import { deliveryPlan } from './delivery/delivery-plan.ts'
import { openDelivery } from './delivery/open-delivery.ts'
import { createExaminer } from './examine-actor.ts'
import { kafkaConnection } from './kafka-connection.ts'
import { createLetterPublisher, type LetterPublisher } from './letter-publisher.ts'
import { listRisks } from './list-risks.ts'
import { openDesks } from './open-desks.ts'
import { createPipelineObserver, type Feeds } from './pipeline-observer.ts'
import { readActor } from './read-actor.ts'
import { readCalibration } from './read-calibration.ts'
import { readRisk } from './read-risk.ts'
import { registerGauges } from './register-gauges.ts'
import { loadSourceUsers, openSources } from './sources/open-sources.ts'
import { type RunningSources, runSources } from './sources/run-sources.ts'
import { HOURS_KEPT, openSourceActivity, type SourceActivity } from './sources/source-activity.ts'
import { createSourceService } from './sources/source-service.ts'

export interface ServiceParts {
  readonly config: Config
  readonly logger: Logger
  readonly version: string
  readonly now: () => number
  readonly after: (ms: number, callback: () => void) => () => void
  /** Lets others on the thread have their turn. */
  readonly breathe: () => Promise<void>
  readonly readProcess: () => ProcessReading
  /** The service cannot go on; the process must end, and a restart recovers. */
  readonly onFatal: (error: Error) => void
  readonly onAlert?: (event: AlertStreamEvent) => void
}

export interface Service {
  readonly app: FastifyInstance
  readonly core: Core
  readonly tokens: TokenStore
  readonly kafka: KafkaSource | null
  /** The administrator's token, when this start made it; it is shown once. */
  readonly newAdminToken: string | null
  readonly address: string
  [Symbol.asyncDispose](): Promise<void>
}

const DAY_MS = 86_400_000
const MAINTENANCE_MS = 6 * 3_600_000

const lookUp: LookUp = (hostname) => lookup(hostname, { all: true })

/** Opens the store, rebuilds, listens, consumes. Whatever was opened is closed again when a later step fails. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { config, logger, now, after } = parts
  const sources = openSources(config)
  const compacted = await compact(config.data.dir)
  if (compacted !== null) logger.info(compacted, 'The store was compacted')

  const registry = new Registry()
  const listeners = new Set<(event: AlertStreamEvent) => void>()
  if (parts.onAlert !== undefined) listeners.add(parts.onAlert)
  const feeds: Feeds = { newestEvents: new Map(), lastStaffAt: null }
  let ready = false
  let letters: LetterPublisher | null = null
  let activity: SourceActivity | null = null
  let delivery: Dispatcher | null = null
  let running: RunningSources | null = null
  const timers = new Set<() => void>()
  const later = (ms: number, callback: () => void) => {
    const cancel = after(ms, () => {
      timers.delete(cancel)
      callback()
    })
    timers.add(cancel)
  }
  let streamId = 0
  const tell = (type: AlertStreamEvent['type'], alert: Alert) => {
    const event = { type, id: ++streamId, alert }
    for (const listener of listeners) listener(event)
  }
  const triageMetrics = createTriageMetrics(registry, () => verdictCounts(core.db))
  const metrics = createServiceMetrics(registry, {
    storeBytes: () => storeBytes(core.db),
    windowEntries: () => core.engine.liveEntries(),
    refoldsWaiting: () => core.pipeline.refoldsWaiting,
    lastStaffAt: () => feeds.lastStaffAt,
    newestEventTimes: () => feeds.newestEvents,
    silentHours: () => [...sources.byName.keys()].map((name) => [name, activity?.silentHours(name, now()) ?? null]),
    lastPulls: () => [...sources.byName.keys()].map((name) => [name, running?.pullHealth(name)?.last_success ?? null]),
    now,
    detectors: DETECTORS.map(({ id }) => id),
    staffStaleAfterMs: config.staff.stale_after_hours * 3_600_000,
  })

  const deliveryMetrics = createDeliveryMetrics(registry, {
    outboxCounts: () => outboxCounts(core.db, now()),
    channels: Object.keys(config.channels),
    now,
  })
  const plan = deliveryPlan(config)

  const core = await openCore({
    ...coreOptions(config),
    planDeliveries: (changes, at) => planDeliveries(changes, plan, at),
    staffTopic: config.kafka.brokers.length > 0 ? config.kafka.staff_topic : null,
    streams: sources.streams,
    now,
    after,
    breathe: parts.breathe,
    hooks: createPipelineObserver({
      metrics,
      now,
      feeds,
      kindOf: (code) => core.codes.kindOf(code),
      tell,
      onHeld: (findings) => triageMetrics.suppressed.inc(findings),
      onLeftOut: (events) => triageMetrics.leftOut.inc(events),
      onTallies: (tallies) => activity?.note(tallies),
      onAlerts: () => delivery?.wake(),
      onDeadLetters: (added) => letters?.add(added),
      onFailed(error) {
        ready = false
        logger.fatal({ err: error }, 'The store could not be written; the service stops and recovers at its next start')
        parts.onFatal(error)
      },
    }),
  })

  createCustomRuleMetrics(registry, () => core.customRules?.usage() ?? [])

  feeds.lastStaffAt ??= await newestStaffTime(core.db)
  const known = await openSourceActivity(core.db, now())
  activity = known
  for (const name of sources.byName.keys()) {
    const newest = known.newestEvent(name)
    if (newest !== null) feeds.newestEvents.set(name, newest)
  }
  const rowOptions = () => ({
    defaultOrg: config.org.default,
    latestTime: now() + config.ingest.max_future_ms,
    keepBodies: config.ingest.keep_dead_letter_bodies,
  })
  await loadSourceUsers(sources, core.db)
  for (const [source, { pull }] of Object.entries(config.sources))
    if (pull !== undefined)
      for (const outcome of ['ok', ...PULL_FAILURES]) metrics.sourcePulls.inc({ source, outcome }, 0)
  const pullHealth = (name: string) => running?.pullHealth(name) ?? null
  const tokens = await openTokens(core.db)
  const newAdminToken = await tokens.ensureAdmin(config.admin.token, now())
  if (config.staff.file !== null) await readStaffFile(config.staff.file, core, config, now(), logger)

  let kafka: KafkaSource | null = null
  let producer: DeadLetterProducer | null = null
  const services: ApiServices = {
    registry,
    ingest: {
      async events(lines, org) {
        const result = core.pipeline.submitEvents(lines, 'http', org)
        return result === null ? { ok: false, retryAfterSeconds: 1 } : { ok: true, result: await result }
      },
    },
    sources: createSourceService({ config, sources, core, activity: known, rowOptions, pullHealth, now }),
    staff: {
      parse: parseStaffRecord,
      read: readStaffRecords,
      async record(records) {
        await core.pipeline.submitStaff(records)
        return { ok: true, result: { accepted: records.length, duplicates: 0, rejected: [] } }
      },
      history: (org, actor) => staffHistory(core.db, org, actor),
    },
    alerts: {
      list: (filter, cursor, limit) => listAlerts(core.db, filter, cursor, limit),
      get: (uid) => getAlert(core.db, uid),
      async events(uid, cursor, limit) {
        const alert = await getAlert(core.db, uid)
        return alert === null ? null : alertEvents(core.db, alert, cursor, limit)
      },
    },
    deliveries: { list: (filter, cursor, limit) => listDeliveries(core.db, filter, cursor, limit) },
    ...openDesks({
      ...core,
      now,
      planTriage: (alert, done, at) => planTriage(alert, done, plan, at),
      changed(alert) {
        tell('alert.updated', alert)
        delivery?.wake()
      },
    }),
    actors: {
      get: (org, actor) => readActor(core, org, actor, now()),
      examine: createExaminer({ ...core, now }),
      examinations: (org, uid, cursor, limit) => auditOf(core.db, { subject: 'actor', uid, org }, cursor, limit),
    },
    risks: {
      list: (filter, cursor, limit) => listRisks(core, filter, cursor, limit, now()),
      history: (org, actor, days) => readRisk(core, org, actor, days, now()),
    },
    calibration: { list: (org) => readCalibration(core, org, coreOptions(config).budget, now()) },
    tokens: { ...tokens, create: (token) => tokens.create(token, now()), revoke: (uid) => tokens.revoke(uid, now()) },
    health: () => {
      const failure = core.pipeline.failure
      const source = kafka?.health() ?? null
      return {
        alive: failure === null,
        ready: ready && failure === null && (source === null || source.healthy),
        checks: {
          store: { ok: failure === null, detail: failure === null ? 'written' : 'the last write failed' },
          ...(source === null ? {} : { kafka: { ok: source.healthy, detail: source.failure?.code ?? source.state } }),
        },
      }
    },
    stream: {
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
  }
  registerGauges(registry, { ...parts, core, health: services.health })
  const app = await buildApp(services, {
    version: parts.version,
    now,
    language: config.language,
    instanceId: randomBytes(6).toString('hex'),
    logger,
    trustProxy: false,
    limits: {
      ...DEFAULT_API_LIMITS,
      ingestBodyBytes: config.http.body_limit_bytes,
      requestsPerMinute: config.http.rate_limit_per_minute,
    },
  })
  const address = await app.listen({ host: config.http.host, port: config.http.port })

  if (config.kafka.brokers.length > 0) {
    const connection = kafkaConnection(config)
    for (const reason of KAFKA_FAILURE_CODES) metrics.kafkaRebuilds.inc({ reason }, 0)
    producer = createDeadLetterProducer({ ...connection, topic: config.kafka.dead_letter_topic }, { logger })
    letters = await createLetterPublisher({
      ...core,
      producer,
      logger,
      later,
      onWaiting: (waiting) => metrics.deadLettersUnpublished.set(waiting),
    })
    kafka = createThreadedKafkaSource(
      {
        ...connection,
        groupId: config.kafka.group_id,
        topics: config.kafka.topics,
        topicPattern: config.kafka.topic_pattern ?? undefined,
        extraTopics: [config.kafka.staff_topic, ...sources.streams.keys()],
        excludedTopics: [config.kafka.dead_letter_topic],
        fromBeginning: config.kafka.from === 'earliest',
      },
      core.pipeline,
      {
        logger,
        runtime: createSystemRuntime(),
        reading: core.reading,
        hooks: {
          onBatch: ({ topic, messages }) => metrics.kafkaBatches.inc({ topic }, messages),
          onLag: ({ topic, partition, durableLag }) => metrics.kafkaLag.set({ topic, partition }, durableLag),
          onAssignment: (partitions) => {
            metrics.kafkaLag.reset()
            for (const { topic } of partitions) {
              metrics.kafkaGap.inc({ topic }, 0)
              metrics.kafkaUnreadable.inc({ topic }, 0)
            }
          },
          onGap: ({ topic, messages }) => metrics.kafkaGap.inc({ topic }, messages),
          onUnreadable: ({ topic, messages }) => metrics.kafkaUnreadable.inc({ topic }, messages),
          onRebuild: ({ code }) => metrics.kafkaRebuilds.inc({ reason: code }),
        },
      },
    )
    kafka.start()
  }
  delivery = openDelivery({
    config,
    version: parts.version,
    ...core,
    metrics: deliveryMetrics,
    logger,
    lookUp,
    random: Math.random,
    now,
    after,
  })
  const calendar = createCalendar(config.timezone)
  const maintain = async (): Promise<void> => {
    const before = now() - config.data.retention_days * DAY_MS
    const oldestHour = Math.floor(now() / HOUR_MS) - HOURS_KEPT
    const deleted = await core.pipeline.between(async () => {
      await forgetSourceHours(core.db.writer, oldestHour)
      await deleteDoneDeliveries(core.db.writer, before)
      return deleteOlder(core.db, before, calendar.dayOf(before))
    })
    if (deleted > 0) logger.info({ events: deleted }, 'Events past their retention were deleted')
    later(MAINTENANCE_MS, () => void maintain().catch(parts.onFatal))
  }
  await maintain()
  running = await runSources({
    config,
    sources,
    core,
    rowOptions,
    logger,
    now,
    after,
    later,
    onFile: (source, { state }) => metrics.sourceFiles.inc({ source, state }),
    onPull: (source, outcome) => metrics.sourcePulls.inc({ source, outcome }),
    lookUp,
    random: Math.random,
    version: parts.version,
  })
  ready = true

  return {
    app,
    core,
    tokens,
    kafka,
    newAdminToken,
    address,
    async [Symbol.asyncDispose]() {
      ready = false
      for (const cancel of timers) cancel()
      if (kafka !== null) await kafka[Symbol.asyncDispose]()
      if (running !== null) await running[Symbol.asyncDispose]()
      await app.close()
      if (delivery !== null) await delivery[Symbol.asyncDispose]()
      if (producer !== null) await producer[Symbol.asyncDispose]()
      await core[Symbol.asyncDispose]()
    },
  }
}

async function readStaffFile(file: string, core: Core, config: Config, now: number, logger: Logger): Promise<void> {
  const format = file.endsWith('.csv') ? 'csv' : 'ndjson'
  const rows = readStaffRecords(format, readFileSync(file), { org: config.org.default, now }, Number.MAX_SAFE_INTEGER)
  if (!rows.ok) throw new Error(`staff.file: ${rows.reason}`)
  for (const { line, reason } of rows.rejected) logger.warn({ line, reason }, 'A line of staff.file was refused')
  if (rows.records.length > 0) await core.pipeline.submitStaff(rows.records.map(({ record }) => record))
}
