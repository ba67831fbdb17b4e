import kafkajs, { type Producer } from 'kafkajs'
import type { DeadLetter } from '../stream-sink.ts'
import { createKafkaClient } from './client.ts'
import { describeFailure } from './failure.ts'
import type { KafkaConnection, KafkaFailure, SourceLogger } from './options.ts'

export interface DeadLetterProducerOptions extends KafkaConnection {
  /** Default `crm.access.dead`. It must exist: it is not created here. */
  readonly topic?: string
}

export type PublishOutcome =
  | { readonly kind: 'published'; readonly letters: number }
  /** Some of the letters may be on the topic all the same; publishing all of them again is right. */
  | { readonly kind: 'failed'; readonly failure: KafkaFailure }

export interface DeadLetterProducer extends AsyncDisposable {
  publish(letters: readonly DeadLetter[]): Promise<PublishOutcome>
}

const LETTERS_A_REQUEST = 1_000

/**
 * Publishes dead letters, keyed by `letter_uid`, without the body they are about. Retries for a few seconds with an
 * idempotent producer, so that a retry leaves no duplicate; a letter published again by the caller does, and readers
 * know it by its key. A failure is an outcome, not an exception.
 */
export function createDeadLetterProducer(
  options: DeadLetterProducerOptions,
  parts: { readonly logger: SourceLogger },
): DeadLetterProducer {
  const topic = options.topic ?? 'crm.access.dead'
  const kafka = createKafkaClient(options, parts.logger)
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

  async function publish(letters: readonly DeadLetter[]): Promise<PublishOutcome> {
    try {
      connected ??= connect()
      const producer = await connected
      for (let start = 0; start < letters.length; start += LETTERS_A_REQUEST) {
        const messages = letters.slice(start, start + LETTERS_A_REQUEST).map(toMessage)
        await producer.send({ topic, messages, acks: -1 })
      }
      return { kind: 'published', letters: letters.length }
    } catch (error) {
      await disconnect()
      return { kind: 'failed', failure: describeFailure(error) }
    }
  }

  return {
    publish: (letters) => {
      const outcome = earlier.then(() => publish(letters))
      earlier = outcome
      return outcome
    },
    [Symbol.asyncDispose]: async () => {
      await earlier
      await disconnect()
    },
  }
}

/** Field by field, so that nothing a caller may have added to a letter goes out with it. */
function toMessage(letter: DeadLetter): { key: string; value: string } {
  const { letter_uid, received_at, source, topic, partition, offset, line, reason, detail, bytes } = letter
  const value = { letter_uid, received_at, source, topic, partition, offset, line, reason, detail, bytes }
  return { key: letter_uid, value: JSON.stringify(value) }
}
