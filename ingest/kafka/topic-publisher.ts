import kafkajs, { type Producer } from 'kafkajs'
import { createKafkaClient } from './client.ts'
import { describeFailure } from './failure.ts'
import type { KafkaConnection, KafkaFailure, SourceLogger } from './options.ts'

export interface TopicMessage {
  readonly key: string
  readonly value: string
  readonly headers?: Readonly<Record<string, string>>
}

export type TopicOutcome =
  | { readonly kind: 'published' }
  /** Some of the messages may be on the topic all the same; publishing all of them again is right. */
  | { readonly kind: 'failed'; readonly failure: KafkaFailure }

export interface TopicPublisher extends AsyncDisposable {
  publish(topic: string, messages: readonly TopicMessage[]): Promise<TopicOutcome>
}

const MESSAGES_A_REQUEST = 1_000

/**
 * Publishes to topics, which are not created here. Connects when it has something to publish. Retries for a few seconds
 * with an idempotent producer, so that a retry leaves no duplicate; a message published again by the caller does. A
 * failure is an outcome, not an exception.
 */
export function createTopicPublisher(
  connection: KafkaConnection,
  parts: { readonly logger: SourceLogger },
): TopicPublisher {
  const kafka = createKafkaClient(connection, parts.logger)
  let connected: Promise<Producer> | null = null
  let earlier: Promise<unknown> = Promise.resolve()

  async function connect(): Promise<Producer> {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 6 },
    })
    try {
      await producer.connect()
      return producer
    } catch (error) {
      await producer.disconnect().catch(() => {})
      throw error
    }
  }

  /** An idempotent producer that failed may have lost count of its sequence numbers, so the next try gets a new one. */
  async function disconnect(): Promise<void> {
    const old = connected
    connected = null
    await old?.then((producer) => producer.disconnect()).catch(() => {})
  }

  async function publish(topic: string, messages: readonly TopicMessage[]): Promise<TopicOutcome> {
    try {
      connected ??= connect()
      const producer = await connected
      for (let start = 0; start < messages.length; start += MESSAGES_A_REQUEST) {
        const some = messages.slice(start, start + MESSAGES_A_REQUEST).map((message) => ({ ...message }))
        await producer.send({ topic, messages: some, acks: -1 })
      }
      return { kind: 'published' }
    } catch (error) {
      await disconnect()
      return { kind: 'failed', failure: describeFailure(error) }
    }
  }

  return {
    publish: (topic, messages) => {
      const outcome = earlier.then(() => publish(topic, messages))
      earlier = outcome
      return outcome
    },
    [Symbol.asyncDispose]: async () => {
      await earlier
      await disconnect()
    },
  }
}
