import kafkajs from 'kafkajs'
import { createKafkaClient } from './client.ts'
import type { KafkaConnection, SourceLogger } from './options.ts'

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

export interface OutgoingMessage {
  readonly key?: string | Buffer | null
  readonly value: string | Buffer | null
  /** Left out, the key decides, as with Kafka's Java client. */
  readonly partition?: number
}

export interface MessageProducer extends AsyncDisposable {
  /** Resolves when the brokers have the messages; rejects when they could not be had to take them. */
  send(topic: string, messages: readonly OutgoingMessage[], compression?: Compression): Promise<void>
}

/** A plain producer for the demo, benchmarks and tests. */
export async function createMessageProducer(
  connection: KafkaConnection,
  parts: { readonly logger: SourceLogger },
): Promise<MessageProducer> {
  const producer = createKafkaClient(connection, parts.logger).producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  return {
    send: async (topic, messages, compression = 'none') => {
      await producer.send({ topic, messages: [...messages], compression: toCompressionType(compression), acks: -1 })
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  }
}

function toCompressionType(compression: Compression) {
  const { CompressionTypes } = kafkajs
  const types = {
    none: CompressionTypes.None,
    gzip: CompressionTypes.GZIP,
    snappy: CompressionTypes.Snappy,
    lz4: CompressionTypes.LZ4,
    zstd: CompressionTypes.ZSTD,
  }
  return types[compression]
}
