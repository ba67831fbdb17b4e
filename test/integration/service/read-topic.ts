import { createKafkaClient } from '../../../ingest/kafka/client.ts'
import { LogLines, uniqueName, until } from '../kafka/harness.ts'
import type { Cluster } from './harness.ts'

/** The first `count` values of a topic with one partition, in order; waits until there are as many. */
export async function readTopic({ broker }: Cluster, topic: string, count: number): Promise<string[]> {
  const kafka = createKafkaClient({ brokers: broker.brokers, clientId: 'crmwatch-test' }, new LogLines())
  const consumer = kafka.consumer({ groupId: uniqueName('reader') })
  const values: string[] = []
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value))
      },
    })
    await until(`${count} messages on ${topic}`, () => values.length >= count)
    return values
  } finally {
    await consumer.disconnect()
  }
}
