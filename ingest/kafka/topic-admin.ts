import { createKafkaClient } from './client.ts'
import { readLogEnds } from './log-ends.ts'
import type { KafkaConnection, SourceLogger } from './options.ts'
import type { LogEnds } from './partition-progress.ts'

export interface TopicAdmin extends AsyncDisposable {
  /** False when the topic was there already. */
  createTopic(topic: string, partitions: number, settings?: Readonly<Record<string, string>>): Promise<boolean>
  deleteTopic(topic: string): Promise<void>
  /** Drops the messages before `offset`, as retention does. */
  deleteRecords(topic: string, partition: number, offset: bigint): Promise<void>
  logEnds(topic: string): Promise<LogEnds[]>
  /** Committed offsets of the group by partition; null where there is none. */
  groupOffsets(groupId: string, topic: string): Promise<Map<number, bigint | null>>
}

/** What the demo, benchmarks and tests need of a cluster besides messages. */
export async function createTopicAdmin(
  connection: KafkaConnection,
  parts: { readonly logger: SourceLogger },
): Promise<TopicAdmin> {
  const admin = createKafkaClient(connection, parts.logger).admin()
  await admin.connect()
  return {
    createTopic: (topic, numPartitions, settings = {}) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [
          {
            topic,
            numPartitions,
            configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
          },
        ],
      }),
    deleteTopic: (topic) => admin.deleteTopics({ topics: [topic] }),
    deleteRecords: async (topic, partition, offset) => {
      // The library finds the partition's leader only once it has looked the topic up for something else.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: offset.toString() }] })
    },
    logEnds: (topic) => readLogEnds(admin, [topic]),
    groupOffsets: async (groupId, topic) => {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] })
      return new Map(
        found.partitions.map(({ partition, offset }) => [partition, offset === '-1' ? null : BigInt(offset)]),
      )
    },
    [Symbol.asyncDispose]: () => admin.disconnect(),
  }
}
