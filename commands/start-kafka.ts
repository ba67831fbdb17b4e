import type { Logger } from 'pino'
import type { ServiceMetrics } from '../api/service-metrics.ts'
import type { Config } from '../config.ts'
import type { Core } from '../ingest/core.ts'
import type { KafkaSource } from '../ingest/kafka/consumer.ts'
import { createDeadLetterProducer, type DeadLetterProducer } from '../ingest/kafka/dead-letter-producer.ts'
import { KAFKA_FAILURE_CODES, type SourceHooks } from '../ingest/kafka/options.ts'
import { createSystemRuntime } from '../ingest/kafka/runtime.ts'
import { createThreadedKafkaSource } from '../ingest/kafka/thread/threaded-source.ts'
import { kafkaConnection } from './kafka-connection.ts'
import { createLetterPublisher, type LetterPublisher } from './letter-publisher.ts'

export interface KafkaParts {
  readonly config: Config
  readonly core: Core
  /** Topics by which rows of sources come. */
  readonly sourceTopics: readonly string[]
  readonly metrics: ServiceMetrics
  readonly logger: Logger
  readonly later: (ms: number, callback: () => void) => void
}

export interface RunningKafka {
  readonly source: KafkaSource
  readonly letters: LetterPublisher
  /** Open until nothing more can become a dead letter. */
  readonly producer: DeadLetterProducer
}

/** Begins to consume, and to publish dead letters; null when no brokers are configured. */
export async function startKafka(parts: KafkaParts): Promise<RunningKafka | null> {
  const { config, core, sourceTopics, metrics, logger, later } = parts
  if (config.kafka.brokers.length === 0) return null
  const connection = kafkaConnection(config)
  for (const reason of KAFKA_FAILURE_CODES) metrics.kafkaRebuilds.inc({ reason }, 0)
  const producer = createDeadLetterProducer({ ...connection, topic: config.kafka.dead_letter_topic }, { logger })
  const letters = await createLetterPublisher({
    ...core,
    producer,
    logger,
    later,
    onWaiting: (waiting) => metrics.deadLettersUnpublished.set(waiting),
  })
  const source = createThreadedKafkaSource(
    {
      ...connection,
      groupId: config.kafka.group_id,
      topics: config.kafka.topics,
      topicPattern: config.kafka.topic_pattern ?? undefined,
      extraTopics: [config.kafka.staff_topic, ...sourceTopics],
      excludedTopics: [config.kafka.dead_letter_topic],
      fromBeginning: config.kafka.from === 'earliest',
    },
    core.pipeline,
    { logger, runtime: createSystemRuntime(), reading: core.reading, hooks: kafkaHooks(metrics) },
  )
  source.start()
  return { source, letters, producer }
}

/** What the source reports, as metrics. */
function kafkaHooks(metrics: ServiceMetrics): SourceHooks {
  return {
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
  }
}
