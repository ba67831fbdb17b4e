import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMessageProducer } from '../../../ingest/kafka/producer.ts'
import { createTopicAdmin } from '../../../ingest/kafka/topic-admin.ts'
import { produceWithJava } from '../../support/broker/java-producer.ts'
import { type Broker, startBroker } from '../../support/broker.ts'
import { LogLines, makeValues, startSource, texts, uniqueName, until } from './harness.ts'
import { DurableRecord, RecordingSink } from './recording-sink.ts'

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const RECORDS = 5_000
const PAYLOADS = Array.from(
  { length: 200 },
  (_, index) => `{"event_uid":"${index}","note":"${'x'.repeat(index)}","umlaut":"ä€😀"}`,
)

let broker: Broker
beforeAll(async () => {
  broker = await startBroker()
}, 330_000)
afterAll(() => broker?.[Symbol.asyncDispose]())

describe.each(COMPRESSIONS)('messages compressed with %s', (compression) => {
  test('come through from the Java client', { timeout: 60_000 }, async () => {
    const topic = uniqueName(`java-${compression}`)
    await using admin = await createTopicAdmin({ ...client(), brokers: broker.brokers }, { logger: new LogLines() })
    await admin.createTopic(topic, 2)
    await produceWithJava({ brokers: broker.brokers, topic, payloads: PAYLOADS, records: RECORDS, compression })
    const record = new DurableRecord()
    await using source = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic] })
    await until('all records', () => record.count(topic) === RECORDS)
    const known = new Set<string | null>(PAYLOADS)
    expect(texts(record.values(topic)).filter((text) => !known.has(text))).toEqual([])
    expect(source.health()).toMatchObject({ healthy: true, rebuilds: 0 })
  })

  test('come through from our own producer', { timeout: 60_000 }, async () => {
    const topic = uniqueName(`own-${compression}`)
    const connection = { ...client(), brokers: broker.brokers }
    await using admin = await createTopicAdmin(connection, { logger: new LogLines() })
    await admin.createTopic(topic, 1)
    await using producer = await createMessageProducer(connection, { logger: new LogLines() })
    // Beyond 64 kB, so that snappy and lz4 have several blocks.
    const sent = [...makeValues(300), { value: 'y'.repeat(200_000) }]
    await producer.send(topic, sent, compression)
    const record = new DurableRecord()
    await using _source = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic] })
    await until('all messages', () => record.count(topic) === sent.length)
    expect(texts(record.values(topic))).toEqual(sent.map(({ value }) => value))
  })
})

test('a batch that unpacks to too much is passed over, message by message', { timeout: 60_000 }, async () => {
  const topic = uniqueName('bomb')
  const connection = { ...client(), brokers: broker.brokers }
  await using admin = await createTopicAdmin(connection, { logger: new LogLines() })
  await admin.createTopic(topic, 1, { 'max.message.bytes': '200000000' })
  await using producer = await createMessageProducer(connection, { logger: new LogLines() })
  await producer.send(topic, makeValues(3, 'before'))
  const zeros = Buffer.alloc(35 * 1024 * 1024)
  await producer.send(topic, [{ value: zeros }, { value: zeros }], 'zstd')
  await producer.send(topic, makeValues(3, 'after'))
  const record = new DurableRecord()
  let unreadable = 0
  await using source = startSource(new RecordingSink(record), {
    brokers: broker.brokers,
    topics: [topic],
    hooks: {
      onUnreadable: ({ messages }) => {
        unreadable += messages
      },
    },
  })
  await until('all eight messages', () => record.count(topic) === 8)
  const got = texts(record.values(topic))
  expect([...got.slice(0, 3), ...got.slice(5)]).toEqual(['before0', 'before1', 'before2', 'after0', 'after1', 'after2'])
  expect(unreadable).toBe(2)
  expect(source.health()).toMatchObject({ healthy: true, rebuilds: 0 })
})

function client() {
  return { clientId: 'crmwatch-test' }
}
