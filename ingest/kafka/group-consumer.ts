import kafkajs, { type Consumer, type Kafka, type TopicOffsets } from 'kafkajs'
import { CLIENT_RETRY } from './client.ts'
import type { OffsetToCommit } from './partition-progress.ts'

export interface GroupConsumerSettings {
  readonly groupId: string
  readonly fetchBytes: number
  readonly fetchPartitionBytes: number
  readonly fetchWaitMs: number
  readonly sessionTimeoutMs: number
  readonly heartbeatMs: number
}

/** A consumer that dies once and for all when it fails: rebuilding is the source's, which backs off, counts and shows it. */
export function createGroupConsumer(kafka: Kafka, settings: GroupConsumerSettings): Consumer {
  return kafka.consumer({
    groupId: settings.groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: settings.sessionTimeoutMs,
    rebalanceTimeout: Math.max(60_000, settings.sessionTimeoutMs),
    heartbeatInterval: settings.heartbeatMs,
    maxBytes: settings.fetchBytes,
    maxBytesPerPartition: settings.fetchPartitionBytes,
    minBytes: 1,
    maxWaitTimeInMs: settings.fetchWaitMs,
    metadataMaxAge: 30_000,
    retry: { ...CLIENT_RETRY, restartOnFailure: async () => false },
  })
}

/** Nothing more is fetched while what was taken is being stored; the heartbeats go on. */
export function pauseAll(consumer: Consumer, topics: readonly string[]): void {
  try {
    consumer.pause(topics.map((topic) => ({ topic })))
  } catch (error) {
    // The consumer was never run, or has taken itself apart already.
    if (!(error instanceof kafkajs.KafkaJSNonRetriableError)) throw error
  }
}

export function groupByTopic(offsets: readonly OffsetToCommit[]): TopicOffsets[] {
  return [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map(({ partition, offset }) => ({ partition, offset })),
  }))
}
