import type { Logger } from 'pino'
import { createDispatcher, type Dispatcher } from '../../alerts/delivery/dispatcher.ts'
import { createLocalClock } from '../../alerts/delivery/local-clock.ts'
import type { DeliveryMetrics } from '../../api/delivery-metrics.ts'
import type { Config } from '../../config.ts'
import { type BackoffLimits, backoffMs } from '../../ingest/kafka/backoff.ts'
import { createTopicPublisher } from '../../ingest/kafka/topic-publisher.ts'
import type { Pipeline } from '../../ingest/pipeline/pipeline-contract.ts'
import type { LookUp } from '../../net/resolve-host.ts'
import type { Database } from '../../store/database.ts'
import { kafkaConnection } from '../kafka-connection.ts'
import { createNotifier } from './create-notifier.ts'
import { policyOf, reportTargets } from './delivery-plan.ts'

export interface DeliveryParts {
  readonly config: Config
  readonly version: string
  readonly db: Database
  readonly pipeline: Pick<Pipeline, 'between'>
  readonly metrics: DeliveryMetrics
  readonly logger: Logger
  readonly lookUp: LookUp
  readonly random: () => number
  readonly now: () => number
  readonly after: (ms: number, callback: () => void) => () => void
}

const BACKOFF: BackoffLimits = { firstMs: 2_000, longestMs: 15 * 60_000 }
const HOUR_MS = 3_600_000

/** Starts to bring the outbox to its channels. */
export function openDelivery(parts: DeliveryParts): Dispatcher {
  const { config, db, pipeline, metrics, logger, now, after } = parts
  const publisher = config.kafka.brokers.length === 0 ? null : createTopicPublisher(kafkaConnection(config), { logger })
  const channels = Object.entries(config.channels).map(([name, setting]) => {
    const notifier = createNotifier(setting, { ...parts, publisher })
    return [name, { notifier, policy: policyOf(setting), reportTo: reportTargets(config, name) }] as const
  })
  const dispatcher = createDispatcher({
    db,
    write: (task) => pipeline.between(task),
    channels: new Map(channels),
    minuteOfWeek: createLocalClock(config.timezone),
    giveUpAfterMs: config.delivery.give_up_after_hours * HOUR_MS,
    attemptTimeoutMs: config.delivery.timeout_ms,
    backoffMs: (attempt) => backoffMs(attempt, BACKOFF, parts.random),
    now,
    after,
    hooks: {
      broken: (error) => logger.error({ err: error }, 'A message could not be made because of a defect in crmwatch'),
      failed({ channel, failure, status, attempts, givenUp }) {
        metrics.failedAttempts.inc({ channel, reason: failure })
        const facts = { channel, failure, status, attempts }
        if (givenUp) logger.error(facts, 'A message was given up: GET /v1/deliveries?status=given_up')
        else logger.warn(facts, 'A message could not be delivered; it will be tried again')
      },
      finished({ channel, status, deliveries, seconds }) {
        metrics.deliveries.inc({ channel, outcome: status }, deliveries)
        if (status === 'sent') metrics.deliverySeconds.observe({ channel }, seconds)
      },
    },
    onTrouble: (error) =>
      logger.warn({ err: error }, 'The outbox could not be read or written; it will be tried again'),
  })
  return {
    wake: dispatcher.wake,
    async [Symbol.asyncDispose]() {
      await dispatcher[Symbol.asyncDispose]()
      await publisher?.[Symbol.asyncDispose]()
    },
  }
}
