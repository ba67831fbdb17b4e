import type { DeadLetter } from '../stream-sink.ts'
import type { KafkaConnection, SourceLogger } from './options.ts'
import { createTopicPublisher, type TopicMessage, type TopicOutcome } from './topic-publisher.ts'

export interface DeadLetterProducerOptions extends KafkaConnection {
  /** Default `crm.access.dead`. It must exist: it is not created here. */
  readonly topic?: string
}

export type PublishOutcome =
  | { readonly kind: 'published'; readonly letters: number }
  /** Some of the letters may be on the topic all the same; publishing all of them again is right. */
  | Extract<TopicOutcome, { readonly kind: 'failed' }>

export interface DeadLetterProducer extends AsyncDisposable {
  publish(letters: readonly DeadLetter[]): Promise<PublishOutcome>
}

/** Publishes dead letters, keyed by `letter_uid`, by which readers know a duplicate, without the body they are about. */
export function createDeadLetterProducer(
  options: DeadLetterProducerOptions,
  parts: { readonly logger: SourceLogger },
): DeadLetterProducer {
  const topic = options.topic ?? 'crm.access.dead'
  const publisher = createTopicPublisher(options, parts)
  return {
    async publish(letters) {
      const outcome = await publisher.publish(topic, letters.map(toMessage))
      return outcome.kind === 'failed' ? outcome : { kind: 'published', letters: letters.length }
    },
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  }
}

/** Field by field, so that nothing a caller may have added to a letter goes out with it. */
function toMessage(letter: DeadLetter): TopicMessage {
  const { letter_uid, received_at, source, topic, partition, offset, line, reason, detail, bytes } = letter
  const value = { letter_uid, received_at, source, topic, partition, offset, line, reason, detail, bytes }
  return { key: letter_uid, value: JSON.stringify(value) }
}
