import kafkajs from 'kafkajs'
import { serveChild } from './child-task.ts'
import { type ResourceUse, startMeter } from './resource-meter.ts'

export interface CeilingInput {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly groupId: string
  readonly events: number
  readonly fetchBytes: number
  readonly fetchPartitionBytes: number
}

export interface CeilingResult extends ResourceUse {
  readonly eventsPerSecond: number
}

/** kafkajs alone, every value through JSON.parse: what no consumer on it can beat. From the first batch to the last. */
await serveChild(async (input: CeilingInput): Promise<CeilingResult> => {
  const kafka = new kafkajs.Kafka({ brokers: [...input.brokers], logLevel: kafkajs.logLevel.NOTHING })
  const consumer = kafka.consumer({
    groupId: input.groupId,
    allowAutoTopicCreation: false,
    maxBytes: input.fetchBytes,
    maxBytesPerPartition: input.fetchPartitionBytes,
    maxWaitTimeInMs: 100,
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [input.topic], fromBeginning: true })
  const done = Promise.withResolvers<ResourceUse>()
  let stop: (() => ResourceUse) | null = null
  let seen = 0
  let actors = 0
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: true,
    partitionsConsumedConcurrently: 8,
    eachBatch: async ({ batch, heartbeat }) => {
      stop ??= startMeter()
      for (const { value } of batch.messages) {
        const event: { actor_uid: string } = JSON.parse(String(value))
        actors += event.actor_uid.length
      }
      seen += batch.messages.length
      if (seen >= input.events) done.resolve(stop())
      await heartbeat()
    },
  })
  const use = await done.promise
  await consumer.disconnect()
  if (actors === 0) throw new Error('No event named its actor')
  return { ...use, eventsPerSecond: seen / use.seconds }
})
