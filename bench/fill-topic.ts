import type { MessageProducer, OutgoingMessage } from '../ingest/kafka/producer.ts'
import { actorName, type EventStream } from './event-stream.ts'

const MESSAGES_A_REQUEST = 5_000

/** Produces the next `events` of the stream, keyed by actor. Returns the mean size of a value in bytes. */
export async function fillTopic(
  producer: MessageProducer,
  topic: string,
  stream: EventStream,
  events: number,
  signal: AbortSignal,
): Promise<{ readonly meanBytes: number }> {
  let bytes = 0
  for (let made = 0; made < events; ) {
    signal.throwIfAborted()
    const messages: OutgoingMessage[] = []
    while (messages.length < MESSAGES_A_REQUEST && made < events) {
      const { actor, partition, json } = stream.next()
      messages.push({ key: actorName(actor), value: json, partition })
      bytes += json.length
      made++
    }
    await producer.send(topic, messages)
  }
  return { meanBytes: bytes / events }
}
