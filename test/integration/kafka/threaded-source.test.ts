import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MessageBlock } from '../../../ingest/bytes/message-block.ts'
import { messagesOf } from '../../../ingest/bytes/pieces.ts'
import type { KafkaSource } from '../../../ingest/kafka/consumer.ts'
import type { SourceHooks } from '../../../ingest/kafka/options.ts'
import { createMessageProducer, type MessageProducer } from '../../../ingest/kafka/producer.ts'
import { createSystemRuntime } from '../../../ingest/kafka/runtime.ts'
import { createThreadedKafkaSource, startReaderThread } from '../../../ingest/kafka/thread/threaded-source.ts'
import { createTopicAdmin, type TopicAdmin } from '../../../ingest/kafka/topic-admin.ts'
import type { BlockSink, TakenOffset } from '../../../ingest/stream-sink.ts'
import { type Broker, startBroker } from '../../support/broker.ts'
import { LogLines, makeValues, texts, uniqueName, until } from './harness.ts'
import { DurableRecord, RecordingSink } from './recording-sink.ts'

let broker: Broker
let admin: TopicAdmin
let producer: MessageProducer
beforeAll(async () => {
  broker = await startBroker()
  const connection = { brokers: broker.brokers, clientId: 'crmwatch-test' }
  admin = await createTopicAdmin(connection, { logger: new LogLines() })
  producer = await createMessageProducer(connection, { logger: new LogLines() })
}, 330_000)
afterAll(async () => {
  await producer?.[Symbol.asyncDispose]()
  await admin?.[Symbol.asyncDispose]()
  await broker?.[Symbol.asyncDispose]()
})

/** Records what comes in blocks, each in two halves with a pause between them, as a sink does that lets others have their turn. */
class RecordingBlockSink extends RecordingSink implements BlockSink {
  async pushBlock(topic: string, partition: number, block: MessageBlock): Promise<void> {
    const messages = messagesOf(block)
    const half = Math.ceil(messages.length / 2)
    await this.push(topic, partition, messages.slice(0, half))
    await sleep(1)
    await this.push(topic, partition, messages.slice(half))
  }

  offsets(): TakenOffset[] {
    return [...this.record.partitions.keys()].map((key) => {
      const [topic, partition] = key.split('/')
      const committed = this.committedOffset(topic, Number(partition))
      return { topic, partition: Number(partition), next: this.nextOffset(topic, Number(partition)) ?? 0n, committed }
    })
  }
}

interface Started {
  readonly source: KafkaSource
  readonly threads: Worker[]
}

function start(sink: BlockSink, topic: string, groupId = uniqueName('group'), hooks: SourceHooks = {}): Started {
  const threads: Worker[] = []
  const source = createThreadedKafkaSource(
    {
      ...{ brokers: broker.brokers, clientId: 'crmwatch-test', groupId, topics: [topic], sliceMessages: 100 },
      ...{ pollIntervalMs: 200, commitIntervalMs: 100, retryFirstMs: 100, retryLongestMs: 500 },
    },
    sink,
    {
      logger: new LogLines(),
      runtime: createSystemRuntime(),
      hooks,
      reading: { defaultOrg: 'acme', maxFutureMs: 1_000, hashKey: { lo: 1, hi: 2 } },
      startThread: (parts) => {
        const thread = startReaderThread(parts)
        threads.push(thread)
        return thread
      },
    },
  )
  source.start()
  return { source, threads }
}

async function createTopic(partitions = 1): Promise<string> {
  const topic = uniqueName('crm.access')
  await admin.createTopic(topic, partitions)
  return topic
}

test('messages of any content arrive in order, and the hooks tell of them', async () => {
  const topic = await createTopic()
  const odd = [
    { value: null },
    { value: Buffer.alloc(0) },
    { value: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]) },
    { value: '{"broken": ' },
    { value: Buffer.alloc(900_000, 'z') },
    { value: '{"event_uid":"e","time":1760000000000,"actor_uid":"u","action":"view","org_uid":"acme"}' },
  ]
  await producer.send(topic, odd)
  const record = new DurableRecord()
  let told = 0
  const { source } = start(new RecordingBlockSink(record), topic, undefined, {
    onBatch: ({ messages }) => {
      told += messages
    },
  })
  await using _source = source
  await until('all are stored', () => record.count(topic) === odd.length)
  const hex = (value: string | Buffer | null) => (value === null ? null : Buffer.from(value).toString('hex'))
  expect(record.values(topic).map(hex)).toEqual(odd.map(({ value }) => hex(value)))
  await until('the hooks and the health are told', () => told === odd.length && source.health().healthy)
  expect(source.health()).toMatchObject({ state: 'running', assignedPartitions: 1, rebuilds: 0, failure: null })
}, 60_000)

test('a stop stores what was taken, leaves the group at what is stored, and the next one goes on from there', async () => {
  const topic = await createTopic(2)
  const groupId = uniqueName('group')
  await producer.send(
    topic,
    [...Array(3_000).keys()].map((n) => ({ key: `k${n}`, value: `m${n}` })),
  )
  const record = new DurableRecord()
  const sink = new RecordingBlockSink(record, { storeMs: 5, room: 2 })
  const { source, threads } = start(sink, topic, groupId)
  await until('some is stored', () => record.count(topic) > 300)
  await source[Symbol.asyncDispose]()
  expect(source.health().state).toBe('stopped')
  expect(record.count(topic)).toBe(sink.pushes.reduce((sum, messages) => sum + messages, 0))
  expect(threads).toHaveLength(1)
  const offsets = await admin.groupOffsets(groupId, topic)
  for (const partition of [0, 1]) expect(offsets.get(partition) ?? null).toEqual(record.next(topic, partition))

  await using _second = start(new RecordingBlockSink(record), topic, groupId).source
  await until('everything is stored', () => record.count(topic) >= 3_000)
  expect(new Set(texts(record.values(topic))).size).toBe(3_000)
}, 60_000)

test('a thread that dies is started anew, and nothing is lost, kept back or told twice', async () => {
  const topic = await createTopic()
  await producer.send(topic, makeValues(5_000))
  const record = new DurableRecord()
  const sink = new RecordingBlockSink(record, { storeMs: 10, room: 1 })
  const seen: string[] = []
  const { source, threads } = start(sink, topic, undefined, { onRebuild: ({ code }) => seen.push(code) })
  await using _source = source
  await until('some is stored', () => record.count(topic) > 500)
  await threads[0].terminate()
  await until('everything is stored', () => record.count(topic) >= 5_000)
  expect(sink.faults).toEqual([])
  expect(texts(record.values(topic))).toEqual(makeValues(5_000).map(({ value }) => value))
  expect(threads).toHaveLength(2)
  expect(seen[0]).toBe('consumer_crashed')
  await until('it is well again', () => source.health().healthy)
  expect(source.health().rebuilds).toBeGreaterThanOrEqual(1)
}, 60_000)
