import { lookup } from 'node:dns/promises'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Dispatcher } from '../alerts/delivery/dispatcher.ts'
import { planDeliveries } from '../alerts/delivery/plan-deliveries.ts'
import { alertsToLookUp } from '../alerts/delivery/routes-before.ts'
import type { ProcessReading } from '../api/process-metrics.ts'
import type { AlertStreamEvent } from '../api/services.ts'
import type { Config } from '../config.ts'
import { type Core, openCore } from '../ingest/core.ts'
import type { KafkaSource } from '../ingest/kafka/consumer.ts'
import type { LookUp } from '../net/resolve-host.ts'
import { tellingsOf } from '../store/deliveries.ts'
import { compact } from '../store/maintenance.ts'
import { isOpenToOthers } from '../store/make-folder.ts'
import { newestStaffTime } from '../store/staff-records.ts'
import { openTokens, type TokenStore } from '../store/tokens.ts'
import { createAlertBroadcast } from './alert-broadcast.ts'
import { coreOptions } from './core-options.ts'
import { deliveryPlan } from './delivery/delivery-plan.ts'
import { openDelivery } from './delivery/open-delivery.ts'
import { startMaintenance } from './maintenance.ts'
import { openApi } from './open-api.ts'
import { createPipelineObserver, type Feeds } from './pipeline-observer.ts'
import { readHealth } from './read-health.ts'
import { runningMemoryLimit } from './running-memory-limit.ts'
import { createServiceMeters } from './service-meters.ts'
import { loadSourceUsers, openSources } from './sources/open-sources.ts'
import { type RunningSources, runSources } from './sources/run-sources.ts'
import { openSourceActivity, type SourceActivity } from './sources/source-activity.ts'
import { createSourceService } from './sources/source-service.ts'
import { type RunningKafka, startKafka } from './start-kafka.ts'
import { submitStaffFile } from './submit-staff-file.ts'
import { createTimers } from './timers.ts'
import { watchTenants } from './watch-tenants.ts'

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

const lookUp: LookUp = (hostname) => lookup(hostname, { all: true })

/** Opens the store, rebuilds, listens, consumes. When a step fails the process is to end, and what was opened ends with it. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { config, logger, now, after } = parts
  const sources = openSources(config)
  const compacted = await compact(config.data.dir)
  if (compacted !== null) logger.info(compacted, 'The store was compacted')

  const broadcast = createAlertBroadcast()
  if (parts.onAlert !== undefined) broadcast.subscribe(parts.onAlert)
  const feeds: Feeds = { newestEvents: new Map(), lastStaffAt: null }
  let ready = false
  let kafka: RunningKafka | null = null
  let activity: SourceActivity | null = null
  let delivery: Dispatcher | null = null
  let running: RunningSources | null = null
  const timers = createTimers(after)
  const pullHealth = (name: string) => running?.pullHealth(name) ?? null
  const folderFailure = (name: string) => running?.folderFailure(name) ?? null
  const meters = createServiceMeters({
    config,
    feeds,
    core: () => core,
    silentHours: (name) => activity?.silentHours(name, now()) ?? null,
    lastPull: (name) => pullHealth(name)?.last_success ?? null,
    now,
  })
  const plan = deliveryPlan(config)

  const core = await openCore({
    ...coreOptions(config),
    runningMemoryLimit: runningMemoryLimit(config),
    planDeliveries: async (connection, changes, at) =>
      planDeliveries(changes, plan, at, await tellingsOf(connection, alertsToLookUp(changes, plan.routes))),
    staffTopic: config.kafka.brokers.length > 0 ? config.kafka.staff_topic : null,
    streams: sources.streams,
    now,
    after,
    breathe: parts.breathe,
    hooks: createPipelineObserver({
      metrics: meters.service,
      now,
      feeds,
      kindOf: (code) => core.codes.kindOf(code),
      tell: broadcast.tell,
      onHeld: (findings) => meters.triage.suppressed.inc(findings),
      onLeftOut: (events) => meters.triage.leftOut.inc(events),
      onTallies: (tallies) => activity?.note(tallies),
      onAlerts: () => delivery?.wake(),
      onDeadLetters: (added) => kafka?.letters.wake(added.length),
      onFailed(error) {
        ready = false
        logger.fatal({ err: error }, 'The store could not be written; the service stops and recovers at its next start')
        parts.onFatal(error)
      },
    }),
  })

  if (isOpenToOthers(config.data.dir))
    logger.warn(
      `Other users of the machine may enter data.dir, which holds personal data: chmod 700 ${config.data.dir}, and 600 what is in it`,
    )
  feeds.lastStaffAt ??= await newestStaffTime(core.db)
  const known = await openSourceActivity(core.db, now())
  activity = known
  for (const name of sources.byName.keys()) {
    const newest = known.newestEvent(name)
    if (newest !== null) feeds.newestEvents.set(name, newest)
  }
  await loadSourceUsers(sources, core.db)
  const tokens = await openTokens(core.db)
  await tokens.setOwnAdmin(config.admin.token, now())
  const latestTime = () => now() + config.ingest.max_future_ms
  if (config.staff.file !== null) {
    const times = { now: now(), latestTime: latestTime() }
    await submitStaffFile(config.staff.file, core, config.org.default, times, logger)
  }

  const rowOptions = () => ({
    defaultOrg: config.org.default,
    latestTime: latestTime(),
    keepBodies: config.ingest.keep_dead_letter_bodies,
  })
  const { app, address } = await openApi({
    ...parts,
    registry: meters.registry,
    core,
    tokens,
    plan,
    changed(alert) {
      broadcast.tell('alert.updated', alert)
      delivery?.wake()
    },
    sources: createSourceService({
      config,
      sources,
      core,
      activity: known,
      rowOptions,
      pullHealth,
      folderFailure,
      now,
    }),
    health: () => readHealth(core.pipeline.failure, ready, kafka?.source.health() ?? null),
    stream: broadcast,
  })

  const { later } = timers
  const sourceTopics = [...sources.streams.keys()]
  kafka = await startKafka({ config, core, sourceTopics, metrics: meters.service, logger, later })
  delivery = openDelivery({
    config,
    version: parts.version,
    ...core,
    metrics: meters.delivery,
    logger,
    lookUp,
    random: Math.random,
    now,
    after,
  })
  await startMaintenance({ config, core, logger, now, later, onFatal: parts.onFatal })
  watchTenants({ core, logger, later })
  running = await runSources({
    config,
    sources,
    core,
    rowOptions,
    logger,
    now,
    after,
    later,
    onFile: (source, { state }) => meters.service.sourceFiles.inc({ source, state }),
    onPull: (source, outcome) => meters.service.sourcePulls.inc({ source, outcome }),
    lookUp,
    random: Math.random,
    version: parts.version,
  })
  // The last step, for a token that is stored by a start that then fails would be shown to nobody.
  const newAdminToken = await tokens.ensureAdmin(now())
  ready = true

  return {
    app,
    core,
    tokens,
    kafka: kafka?.source ?? null,
    newAdminToken,
    address,
    async [Symbol.asyncDispose]() {
      ready = false
      timers.stop()
      if (kafka !== null) await kafka.source[Symbol.asyncDispose]()
      if (running !== null) await running[Symbol.asyncDispose]()
      await app.close()
      if (delivery !== null) await delivery[Symbol.asyncDispose]()
      if (kafka !== null) await kafka.producer[Symbol.asyncDispose]()
      await core[Symbol.asyncDispose]()
    },
  }
}
