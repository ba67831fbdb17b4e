import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { buildApp } from '../api/app.ts'
import { DEFAULT_API_LIMITS } from '../api/options.ts'
import type { ProcessReading } from '../api/process-metrics.ts'
import { createServiceMetrics } from '../api/service-metrics.ts'
import type { AlertStreamEvent, ApiServices } from '../api/services.ts'
import type { Config } from '../config.ts'
import { createCalendar } from '../detectors/calendar.ts'
import { DETECTORS } from '../detectors/registry.ts'
import { type Core, openCore } from '../ingest/core.ts'
import { createKafkaSource, type KafkaSource } from '../ingest/kafka/consumer.ts'
import { createDeadLetterProducer, type DeadLetterProducer } from '../ingest/kafka/dead-letter-producer.ts'
import { KAFKA_FAILURE_CODES } from '../ingest/kafka/options.ts'
import { createSystemRuntime } from '../ingest/kafka/runtime.ts'
import { parseStaffRecord } from '../ingest/staff/parse-staff.ts'
import { readStaffRecords } from '../ingest/staff/read-staff.ts'
import { alertEvents } from '../store/alert-events.ts'
import { getAlert, listAlerts } from '../store/alerts.ts'
import { compact, deleteOlder, storeBytes } from '../store/maintenance.ts'
import { newestStaffTime, staffHistory } from '../store/staff-records.ts'
import { openTokens, type TokenStore } from '../store/tokens.ts'
import { coreOptions } from './core-options.ts'
import { kafkaConnection } from './kafka-connection.ts'
import { createLetterPublisher, type LetterPublisher } from './letter-publisher.ts'
import { createPipelineObserver, type Feeds } from './pipeline-observer.ts'
import { readActor } from './read-actor.ts'
import { registerGauges } from './register-gauges.ts'

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

/** Opens the store, rebuilds, listens, consumes. Whatever was opened is closed again when a later step fails. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { config, logger, now, after } = parts
  const compacted = await compact(config.data.dir)
  if (compacted !== null) logger.info(compacted, 'The store was compacted')

  const registry = new Registry()
  const listeners = new Set<(event: AlertStreamEvent) => void>()
  if (parts.onAlert !== undefined) listeners.add(parts.onAlert)
  const feeds: Feeds = { newestEvents: new Map(), lastStaffAt: null }
  let ready = false
  let letters: LetterPublisher | null = null
  const timers = new Set<() => void>()
  const later = (ms: number, callback: () => void) => {
    const cancel = after(ms, () => {
      timers.delete(cancel)
      callback()
    })
    timers.add(cancel)
  }
  const metrics = createServiceMetrics(registry, {
    storeBytes: () => storeBytes(core.db),
    windowEntries: () => core.engine.liveEntries(),
    refoldsWaiting: () => core.pipeline.refoldsWaiting,
    lastStaffAt: () => feeds.lastStaffAt,
    newestEventTimes: () => feeds.newestEvents,
    now,
    detectors: DETECTORS.map(({ id }) => id),
    staffStaleAfterMs: config.staff.stale_after_hours * 3_600_000,
  })

  const core = await openCore({
    ...coreOptions(config),
    staffTopic: config.kafka.brokers.length > 0 ? config.kafka.staff_topic : null,
    now,
    after,
    breathe: parts.breathe,
    hooks: createPipelineObserver({
      metrics,
      now,
      feeds,
      kindOf: (code) => core.codes.kindOf(code),
      tell(event) {
        for (const listener of listeners) listener(event)
      },
      onDeadLetters: (added) => letters?.add(added),
      onFailed(error) {
        ready = false
        logger.fatal({ err: error }, 'The store could not be written; the service stops and recovers at its next start')
        parts.onFatal(error)
      },
    }),
  })

  feeds.lastStaffAt ??= await newestStaffTime(core.db)
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
    actors: { get: (org, actor) => readActor(core, org, actor, now()) },
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
    kafka = createKafkaSource(
      {
        ...connection,
        groupId: config.kafka.group_id,
        topics: config.kafka.topics,
        topicPattern: config.kafka.topic_pattern ?? undefined,
        extraTopics: [config.kafka.staff_topic],
        excludedTopics: [config.kafka.dead_letter_topic],
        fromBeginning: config.kafka.from === 'earliest',
      },
      core.pipeline,
      {
        logger,
        runtime: createSystemRuntime(),
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
  const calendar = createCalendar(config.timezone)
  const maintain = async (): Promise<void> => {
    const before = now() - config.data.retention_days * DAY_MS
    const deleted = await core.pipeline.between(() => deleteOlder(core.db, before, calendar.dayOf(before)))
    if (deleted > 0) logger.info({ events: deleted }, 'Events past their retention were deleted')
    later(MAINTENANCE_MS, () => void maintain().catch(parts.onFatal))
  }
  await maintain()
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
      await app.close()
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
