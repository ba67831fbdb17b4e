import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { buildApp } from '../api/app.ts'
import { DEFAULT_API_LIMITS } from '../api/options.ts'
import { createServiceMetrics } from '../api/service-metrics.ts'
import type { AlertStreamEvent, ApiServices } from '../api/services.ts'
import type { Config } from '../config.ts'
import { createCalendar } from '../detectors/calendar.ts'
import { bindDetectors } from '../detectors/registry.ts'
import { type Core, openCore } from '../ingest/core.ts'
import { createKafkaSource, type KafkaSource } from '../ingest/kafka/consumer.ts'
import { createDeadLetterProducer, type DeadLetterProducer } from '../ingest/kafka/dead-letter-producer.ts'
import type { KafkaConnection } from '../ingest/kafka/options.ts'
import { createSystemRuntime } from '../ingest/kafka/runtime.ts'
import { parseStaffRecord } from '../ingest/staff/parse-staff.ts'
import { readStaffRecords } from '../ingest/staff/read-staff.ts'
import type { DeadLetter } from '../ingest/stream-sink.ts'
import { SEVERITIES } from '../model/alert.ts'
import { alertEvents } from '../store/alert-events.ts'
import { alertCounts, getAlert, listAlerts } from '../store/alerts.ts'
import { markPublished, unpublishedLetters } from '../store/batch-rows.ts'
import { compact, deleteOlder, storeBytes } from '../store/maintenance.ts'
import { newestStaffTime, staffHistory } from '../store/staff-records.ts'
import { openTokens, type TokenStore } from '../store/tokens.ts'
import { readActor } from './read-actor.ts'

export interface ServiceParts {
  readonly config: Config
  readonly logger: Logger
  readonly version: string
  readonly now: () => number
  readonly after: (ms: number, callback: () => void) => () => void
  /** Resident memory of the process. */
  readonly residentBytes: () => number
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
const PUBLISH_AT_ONCE = 1_000
const PUBLISH_RETRY_MS = 5_000
const MAINTENANCE_MS = 6 * 3_600_000

/** Opens the store, rebuilds, listens, consumes. Whatever was opened is closed again when a later step fails. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { config, logger, now, after } = parts
  const compacted = await compact(config.data.dir)
  if (compacted !== null) logger.info(compacted, 'The store was compacted')

  const registry = new Registry()
  const listeners = new Set<(event: AlertStreamEvent) => void>()
  if (parts.onAlert !== undefined) listeners.add(parts.onAlert)
  const newestEvents = new Map<string, number>()
  let lastStaffAt: number | null = null
  let streamId = 0
  let ready = false
  let unpublished: DeadLetter[] = []
  let letters: DeadLetterProducer | null = null
  const timers = new Set<() => void>()
  const later = (ms: number, callback: () => void) => {
    const cancel = after(ms, () => {
      timers.delete(cancel)
      callback()
    })
    timers.add(cancel)
  }

  const core = await openCore({
    dir: config.data.dir,
    memoryLimit: `${config.data.memory_limit_mb}MB`,
    timeZone: config.timezone,
    defaultOrg: config.org.default,
    detectors: bindDetectors(config.detectors),
    severity: config.alerts.severity,
    reorderToleranceMs: config.ingest.reorder_tolerance_ms,
    maxFutureMs: config.ingest.max_future_ms,
    batchMaxEvents: config.ingest.batch_max_events,
    batchMaxDelayMs: config.ingest.batch_max_delay_ms,
    keepDeadLetterBodies: config.ingest.keep_dead_letter_bodies,
    staffTopic: config.kafka.brokers.length > 0 ? config.kafka.staff_topic : null,
    now,
    after,
    hooks: {
      events: (source, _accepted, duplicates) => metrics.duplicates.inc({ source }, duplicates),
      rejected: (source, reason) => metrics.rejected.inc({ source, reason }),
      findings: (detector) => metrics.findings.inc({ detector }),
      staff(records) {
        lastStaffAt = now()
        metrics.staffRecords.inc(records)
      },
      committed(batch) {
        metrics.batchSeconds.observe(batch.seconds)
        metrics.batchEvents.observe(batch.events)
        for (const [code, events] of batch.kinds) {
          const { source, action } = core.codes.kindOf(code)
          metrics.events.inc({ source, action }, events)
          const newest = newestEvents.get(source) ?? 0
          if (batch.newestEventTime > newest) newestEvents.set(source, batch.newestEventTime)
        }
        for (const { type, alert } of batch.changes) {
          if (type === 'alert.opened') {
            metrics.alertsOpened.inc({ detector: alert.detector, severity: alert.severity })
            metrics.alertSeconds.observe((now() - batch.firstAt) / 1000)
          }
          tell({ type, id: ++streamId, alert })
        }
        if (letters !== null && batch.deadLetters.length > 0) {
          unpublished.push(...batch.deadLetters)
          metrics.deadLettersUnpublished.set(unpublished.length)
          void publishLetters()
        }
      },
      failed(error) {
        ready = false
        logger.fatal({ err: error }, 'The store could not be written; the service stops and recovers at its next start')
        parts.onFatal(error)
      },
    },
  })
  const metrics = createServiceMetrics(registry, {
    alertCounts: () => alertCounts(core.db),
    storeBytes: () => storeBytes(core.db),
    windowEntries: () => core.engine.liveEntries(),
    refoldsWaiting: () => core.pipeline.refoldsWaiting,
    lastStaffAt: () => lastStaffAt,
    newestEventTimes: () => newestEvents,
    now,
    staffStaleAfterMs: config.staff.stale_after_hours * 3_600_000,
    residentBytes: parts.residentBytes,
    severities: SEVERITIES,
  })
  const tell = (event: AlertStreamEvent) => {
    for (const listener of listeners) listener(event)
  }

  let publishing = false
  const publishLetters = async (): Promise<void> => {
    if (publishing || letters === null) return
    publishing = true
    while (unpublished.length > 0) {
      const some = unpublished.slice(0, PUBLISH_AT_ONCE)
      const outcome = await letters.publish(some)
      if (outcome.kind === 'failed') {
        logger.warn({ ...outcome.failure }, 'Dead letters could not be published; they will be tried again')
        later(PUBLISH_RETRY_MS, () => void publishLetters())
        break
      }
      unpublished = unpublished.slice(some.length)
      metrics.deadLettersUnpublished.set(unpublished.length)
      await core.pipeline.between(() =>
        markPublished(
          core.db.writer,
          some.map((letter) => letter.letter_uid),
        ),
      )
    }
    publishing = false
  }

  lastStaffAt ??= await newestStaffTime(core.db)
  const tokens = await openTokens(core.db)
  const newAdminToken = await tokens.ensureAdmin(config.admin.token, now())
  if (config.staff.file !== null) await readStaffFile(config.staff.file, core, config, now(), logger)

  let kafka: KafkaSource | null = null
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
    letters = createDeadLetterProducer({ ...connection, topic: config.kafka.dead_letter_topic }, { logger })
    // Letters committed while the store is asked may be in its answer too.
    const waiting = await unpublishedLetters<DeadLetter>(core.db)
    unpublished = [...new Map([...waiting, ...unpublished].map((letter) => [letter.letter_uid, letter])).values()]
    metrics.deadLettersUnpublished.set(unpublished.length)
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
          onAssignment: () => metrics.kafkaLag.reset(),
          onGap: ({ topic, messages }) => metrics.kafkaGap.inc({ topic }, messages),
          onUnreadable: ({ topic, messages }) => metrics.kafkaUnreadable.inc({ topic }, messages),
          onRebuild: ({ code }) => metrics.kafkaRebuilds.inc({ reason: code }),
        },
      },
    )
    kafka.start()
    void publishLetters()
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
      if (letters !== null) await letters[Symbol.asyncDispose]()
      await core[Symbol.asyncDispose]()
    },
  }
}

function kafkaConnection({ kafka }: Config): KafkaConnection {
  const pem = (path: string | null) => (path === null ? undefined : readFileSync(path, 'utf8'))
  const { ssl, sasl } = kafka
  return {
    brokers: kafka.brokers,
    clientId: kafka.client_id,
    ssl: ssl.enabled
      ? {
          ca: pem(ssl.ca_file),
          cert: pem(ssl.cert_file),
          key: pem(ssl.key_file),
          passphrase: ssl.key_passphrase ?? undefined,
          rejectUnauthorized: ssl.reject_unauthorized,
        }
      : undefined,
    sasl:
      sasl.mechanism === null
        ? undefined
        : {
            mechanism: sasl.mechanism as 'plain' | 'scram-sha-256' | 'scram-sha-512',
            username: sasl.username ?? '',
            password: sasl.password ?? '',
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
