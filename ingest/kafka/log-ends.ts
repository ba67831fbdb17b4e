import type { Admin } from 'kafkajs'
import type { LogEnds } from './partition-progress.ts'

/** Asks the brokers for the first and the next offset of each partition. Rejects when one of the topics is not there. */
export async function readLogEnds(admin: Admin, topics: readonly string[]): Promise<LogEnds[]> {
  const perTopic = await Promise.all(
    topics.map(async (topic) => {
      const partitions = await admin.fetchTopicOffsets(topic)
      return partitions.map(({ partition, low, high }) => ({
        topic,
        partition,
        low: BigInt(low),
        high: BigInt(high),
      }))
    }),
  )
  return perTopic.flat()
}
