import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KafkaSource } from '../../../ingest/kafka/consumer.ts'
import { createMessageProducer, type MessageProducer } from '../../../ingest/kafka/producer.ts'
import { createTopicAdmin, type TopicAdmin } from '../../../ingest/kafka/topic-admin.ts'
import { type Broker, startBroker } from '../../support/broker.ts'
import { LogLines, startSource, texts, uniqueName, until } from './harness.ts'
import { DurableRecord, RecordingSink } from './recording-sink.ts'

const PARTITIONS = 6

let broker: Broker
let admin: TopicAdmin
let producer: MessageProducer
beforeAll(async () => {
  broker = await startBroker({ own: true })
  const connection = { brokers: broker.brokers, clientId: 'crmwatch-test' }
  admin = await createTopicAdmin(connection, { logger: new LogLines() })
  producer = await createMessageProducer(connection, { logger: new LogLines() })
}, 330_000)
afterAll(async () => {
  await producer?.[Symbol.asyncDispose]()
  await admin?.[Symbol.asyncDispose]()
  await broker?.[Symbol.asyncDispose]()
})

/** Produces in small batches until told to stop, again after failures; resolves with how many were acknowledged. */
function produceSteadily(topic: string): { stop(): Promise<Set<string>> } {
  let stopped = false
  const acknowledged = new Set<string>()
  const work = (async () => {
    for (let batch = 0; !stopped; batch++) {
      const values = Array.from({ length: 200 }, (_, index) => `${batch}.${index}`)
      const messages = values.map((value, index) => ({ value, partition: index % PARTITIONS }))
      try {
        await producer.send(topic, messages)
        for (const value of values) acknowledged.add(value)
      } catch {
        // The broker is away. A value that was sent and not acknowledged may be on the topic; it is not counted on.
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await work
      return acknowledged
    },
  }
}

/** Every message of the topic is in the record, once by offset: the record refuses gaps, and counts are the log's. */
async function expectComplete(topic: string, record: DurableRecord, sinks: readonly RecordingSink[]) {
  const high = (await admin.logEnds(topic)).reduce((sum, { high }) => sum + Number(high), 0)
  await until('everything is stored', () => record.count(topic) >= high)
  expect(record.count(topic)).toBe(high)
  expect(sinks.flatMap((sink) => sink.faults)).toEqual([])
}

test('consumers that join and leave under load share every message once', async () => {
  const topic = uniqueName('shared')
  await admin.createTopic(topic, PARTITIONS)
  const groupId = uniqueName('group')
  const record = new DurableRecord()
  const sinks: RecordingSink[] = []
  const join = () => {
    const sink = new RecordingSink(record, { storeMs: 3 })
    sinks.push(sink)
    return startSource(sink, { brokers: broker.brokers, topics: [topic], groupId, sessionTimeoutMs: 6_000 })
  }
  const shareOf = (source: KafkaSource, partitions: number) =>
    until(`it has ${partitions} partitions`, () => source.health().assignedPartitions === partitions)
  const load = produceSteadily(topic)
  await using first = join()
  await shareOf(first, 6)
  for (let round = 0; round < 2; round++) {
    await using second = join()
    await shareOf(second, 3)
    await shareOf(first, 3)
    const before = record.count(topic)
    await until('both go on', () => record.count(topic) > before + 1_000)
  }
  await shareOf(first, 6)
  await using third = join()
  await shareOf(third, 3)
  await first[Symbol.asyncDispose]()
  await shareOf(third, 6)
  const acknowledged = await load.stop()
  await expectComplete(topic, record, sinks)
  expect(new Set(texts(record.values(topic)))).toEqual(acknowledged)
  expect(sinks.length).toBe(4)
}, 90_000)

test('a membership that expired while the process stood still is taken up again', async () => {
  const topic = uniqueName('expired')
  await admin.createTopic(topic, PARTITIONS)
  const record = new DurableRecord()
  const sink = new RecordingSink(record)
  let joins = 0
  await using source = startSource(sink, {
    brokers: broker.brokers,
    topics: [topic],
    sessionTimeoutMs: 1_000,
    hooks: {
      onAssignment: (partitions) => {
        if (partitions.length > 0) joins++
      },
    },
  })
  const load = produceSteadily(topic)
  await until('it runs under load', () => record.count(topic) > 1_000)
  const standsStillUntil = Date.now() + 2_500
  while (Date.now() < standsStillUntil);
  await until('it has joined again', () => joins === 2)
  const before = record.count(topic)
  await until('it goes on', () => record.count(topic) > before + 1_000)
  await load.stop()
  await expectComplete(topic, record, [sink])
  expect(source.health().healthy).toBe(true)
}, 60_000)

test('a broker that stops, is killed, and comes back loses nothing and needs no help', async () => {
  const topic = uniqueName('restarts')
  await admin.createTopic(topic, PARTITIONS)
  const record = new DurableRecord()
  const sink = new RecordingSink(record)
  await using source = startSource(sink, { brokers: broker.brokers, topics: [topic], sessionTimeoutMs: 2_000 })
  const load = produceSteadily(topic)
  await until('it runs under load', () => record.count(topic) > 1_000)
  for (const end of [broker.stop, broker.kill]) {
    await end()
    await until('it shows', () => !source.health().healthy)
    await broker.start()
    const before = record.count(topic)
    await until('it goes on', () => source.health().healthy && record.count(topic) > before + 1_000)
  }
  const acknowledged = await load.stop()
  await expectComplete(topic, record, [sink])
  const got = new Set(texts(record.values(topic)))
  expect([...acknowledged].filter((value) => !got.has(value))).toEqual([])
}, 120_000)

test('a source starts, and stops, while no broker is there', async () => {
  const topic = uniqueName('absent')
  await admin.createTopic(topic, 1)
  await producer.send(topic, [{ value: 'kept' }])
  await broker.stop()
  const record = new DurableRecord()
  const logger = new LogLines()
  await using patient = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic], logger })
  const leaving = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic] })
  await until('it shows', () => patient.health().failure?.code === 'broker_unreachable')
  expect(patient.health()).toMatchObject({ state: 'recovering', healthy: false })
  await leaving[Symbol.asyncDispose]()
  expect(leaving.health().state).toBe('stopped')
  await broker.start()
  await until('it has the message', () => record.count(topic) === 1)
  await until('it is well', () => patient.health().healthy)
}, 90_000)
