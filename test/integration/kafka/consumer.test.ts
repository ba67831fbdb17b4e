import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeadLetterProducer } from '../../../ingest/kafka/dead-letter-producer.ts'
import { createMessageProducer, type MessageProducer } from '../../../ingest/kafka/producer.ts'
import { createTopicAdmin, type TopicAdmin } from '../../../ingest/kafka/topic-admin.ts'
import type { DeadLetter } from '../../../ingest/stream-sink.ts'
import { type Broker, startBroker } from '../../support/broker.ts'
import { LogLines, makeValues, startSource, texts, uniqueName, until } from './harness.ts'
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

async function createTopic(partitions = 1): Promise<string> {
  const topic = uniqueName('crm.access')
  await admin.createTopic(topic, partitions)
  return topic
}

test('resumes where the store left off, not where the group did, after an end without warning', async () => {
  const topic = await createTopic()
  const groupId = uniqueName('group')
  await producer.send(topic, makeValues(5_000))
  const record = new DurableRecord()
  const dying = new RecordingSink(record, { storeMs: 20, room: 1 })
  const first = startSource(dying, { brokers: broker.brokers, topics: [topic], groupId, sliceMessages: 100 })
  await until('some is stored and some is not', () => record.count(topic) > 500)
  dying.abandon()
  const storedAtDeath = record.count(topic)
  await first[Symbol.asyncDispose]()
  expect(storedAtDeath).toBeLessThan(5_000)

  const sink = new RecordingSink(record)
  await using _second = startSource(sink, { brokers: broker.brokers, topics: [topic], groupId })
  await until('everything is stored', () => record.count(topic) >= 5_000)
  expect(sink.faults).toEqual([])
  expect(texts(record.values(topic))).toEqual(makeValues(5_000).map(({ value }) => value))
}, 60_000)

test('a stop stores what was taken and leaves the group at what is stored', async () => {
  const topic = await createTopic(2)
  const groupId = uniqueName('group')
  await producer.send(topic, [...keyed(3_000)])
  const record = new DurableRecord()
  const sink = new RecordingSink(record, { storeMs: 5, room: 2 })
  const source = startSource(sink, { brokers: broker.brokers, topics: [topic], groupId, sliceMessages: 100 })
  await until('some is stored', () => record.count(topic) > 300)
  await source[Symbol.asyncDispose]()
  const taken = sink.pushes.reduce((sum, messages) => sum + messages, 0)
  expect(record.count(topic)).toBe(taken)
  expect(source.health().state).toBe('stopped')
  const offsets = await admin.groupOffsets(groupId, topic)
  for (const partition of [0, 1]) {
    expect(offsets.get(partition) ?? null).toEqual(record.next(topic, partition))
  }
}, 60_000)

test('commits to the group only what is durable, and catches up when the stream is idle', async () => {
  const topic = await createTopic()
  const groupId = uniqueName('group')
  const record = new DurableRecord()
  const sink = new RecordingSink(record)
  await producer.send(topic, makeValues(10))
  await using _source = startSource(sink, { brokers: broker.brokers, topics: [topic], groupId })
  await until('the group is at 10', async () => (await admin.groupOffsets(groupId, topic)).get(0) === 10n)

  const release = sink.hold()
  await producer.send(topic, makeValues(10))
  await until('the sink took them', () => sink.nextOffset(topic, 0) === 20n)
  // Several commit intervals pass while this message is on its way through another topic.
  const other = await createTopic()
  const otherRecord = new DurableRecord()
  await using _other = startSource(new RecordingSink(otherRecord), { brokers: broker.brokers, topics: [other] })
  await producer.send(other, makeValues(1))
  await until('the other group is at 1', () => otherRecord.count(other) === 1)
  expect((await admin.groupOffsets(groupId, topic)).get(0)).toBe(10n)
  release()
  await until('the group is at 20', async () => (await admin.groupOffsets(groupId, topic)).get(0) === 20n)
}, 60_000)

test('messages of any content reach the sink in order and never stop the stream', async () => {
  const topic = await createTopic()
  const odd = [
    { value: null },
    { value: Buffer.alloc(0) },
    { value: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]) },
    { value: '{"broken": ' },
    { value: Buffer.alloc(900_000, 'z') },
    { key: null, value: 'null' },
    { key: Buffer.from([0x80]), value: '[1,2' },
    { value: '{"fine": true}' },
  ]
  await producer.send(topic, odd)
  const record = new DurableRecord()
  await using source = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic] })
  await until('all are stored', () => record.count(topic) === odd.length)
  const hex = (value: string | Buffer | null) => (value === null ? null : Buffer.from(value).toString('hex'))
  expect(record.values(topic).map(hex)).toEqual(odd.map(({ value }) => hex(value)))
  expect(source.health()).toMatchObject({ healthy: true, rebuilds: 0 })
}, 60_000)

test('a sink that fails is shown, retried, and loses nothing', async () => {
  const topic = await createTopic()
  await producer.send(topic, makeValues(500))
  const record = new DurableRecord()
  const sink = new RecordingSink(record)
  const push = sink.push.bind(sink)
  let failures = 3
  sink.push = async (...args) => {
    if (failures-- > 0) throw new TypeError('row value that must not be told')
    return push(...args)
  }
  const logger = new LogLines()
  const seen: string[] = []
  await using source = startSource(sink, {
    brokers: broker.brokers,
    topics: [topic],
    logger,
    hooks: { onRebuild: ({ code }) => seen.push(code) },
  })
  await until('all are stored', () => record.count(topic) === 500)
  expect(seen).toEqual(['sink_failed', 'sink_failed', 'sink_failed'])
  await until('it is well again', () => source.health().healthy)
  expect(source.health().rebuilds).toBe(3)
  expect(logger.lines.filter((line) => line.includes('must not be told'))).toEqual([])
}, 60_000)

test('a sink that is slower than the session timeout does not cost the membership', async () => {
  const topic = await createTopic()
  await producer.send(topic, makeValues(100))
  const record = new DurableRecord()
  const sink = new RecordingSink(record, { room: 0 })
  const release = sink.hold()
  let joins = 0
  await using source = startSource(sink, {
    brokers: broker.brokers,
    topics: [topic],
    sessionTimeoutMs: 1_000,
    sliceMessages: 10,
    hooks: {
      onAssignment: (partitions) => {
        joins += partitions.length
      },
    },
  })
  await until('the first slice is pushed', () => sink.pushes.length === 1)
  setTimeout(release, 2_500)
  await until('all are stored', () => record.count(topic) === 100)
  expect(sink.faults).toEqual([])
  expect(joins).toBe(1)
  expect(source.health()).toMatchObject({ healthy: true, rebuilds: 0 })
}, 60_000)

test('a topic that does not exist is waited for, shown, and consumed once it appears', async () => {
  const there = await createTopic()
  const topic = uniqueName('crm.later')
  const record = new DurableRecord()
  await using waiting = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic] })
  await using half = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [there, topic] })
  await until('it waits', () => waiting.health().state === 'waiting_for_topics')
  expect(waiting.health()).toMatchObject({ healthy: false, missingTopics: [topic] })
  await until('the other half runs', () => half.health().state === 'running')
  expect(half.health()).toMatchObject({ healthy: false, missingTopics: [topic] })
  await admin.createTopic(topic, 1)
  await producer.send(topic, makeValues(3))
  await until('its messages are there', () => record.count(topic) === 3)
  await until('both are well', () => waiting.health().healthy && half.health().healthy)
  expect(half.health().assignedPartitions).toBe(2)
}, 60_000)

test('a pattern takes in present and later topics, but no internal and no excluded ones', async () => {
  const prefix = uniqueName('tenant')
  const early = `${prefix}.a.access`
  const late = `${prefix}.b.access`
  const dead = `${prefix}.access.dead`
  for (const topic of [early, dead, `${early}.other`]) await admin.createTopic(topic, 1)
  const record = new DurableRecord()
  await using source = startSource(new RecordingSink(record), {
    brokers: broker.brokers,
    topicPattern: `(${prefix.replaceAll('.', '\\.')}.*\\.(access|dead)|__.*)`,
    excludedTopics: [dead],
  })
  await producer.send(early, makeValues(2))
  await until('the first topic is read', () => record.count(early) === 2)
  expect(source.health().assignedPartitions).toBe(1)
  await admin.createTopic(late, 1)
  await producer.send(late, makeValues(2))
  await until('the later topic is read', () => record.count(late) === 2)
  expect(source.health().assignedPartitions).toBe(2)
}, 60_000)

test('can start a partition never seen at what comes next', async () => {
  const topic = await createTopic()
  await producer.send(topic, makeValues(5, 'old'))
  const record = new DurableRecord()
  await using source = startSource(new RecordingSink(record), {
    brokers: broker.brokers,
    topics: [topic],
    fromBeginning: false,
  })
  await until('it runs', () => source.health().state === 'running')
  await producer.send(topic, makeValues(3, 'new'))
  await until('the new ones are there', () => record.count(topic) === 3)
  expect(texts(record.values(topic))).toEqual(['new0', 'new1', 'new2'])
}, 60_000)

test('messages that retention removed before they were read are counted as a gap', async () => {
  const topic = await createTopic()
  await producer.send(topic, makeValues(100))
  await admin.deleteRecords(topic, 0, 60n)
  const record = new DurableRecord()
  record.store(topic, 0, [{ offset: '9', value: Buffer.from('m9'), timestamp: '0' }])
  const sink = new RecordingSink(record)
  // The honest record refuses to skip; the gap is what is asked about here.
  sink.record.store = (name, partition, messages) => {
    for (const { offset, value } of messages) {
      const held = record.partitions.get(`${name}/${partition}`)
      if (held === undefined) throw new Error('not seeded')
      held.values.push(value)
      held.next = BigInt(offset) + 1n
    }
  }
  const gaps: unknown[] = []
  await using source = startSource(sink, {
    brokers: broker.brokers,
    topics: [topic],
    hooks: { onGap: (gap) => gaps.push(gap) },
  })
  await until('the rest is there', () => record.next(topic, 0) === 100n)
  expect(gaps).toEqual([{ topic, partition: 0, messages: 50 }])
  expect(record.count(topic)).toBe(41)
  expect(source.health().rebuilds).toBe(0)
}, 60_000)

test('a topic made anew under an old name shows in health instead of passing for the old one', async () => {
  const topic = await createTopic()
  await producer.send(topic, makeValues(5))
  const record = new DurableRecord()
  record.store(topic, 0, [{ offset: '999', value: null, timestamp: '0' }])
  await using source = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic] })
  await until('it is shown', () => source.health().failure !== null)
  expect(source.health()).toMatchObject({ state: 'running', healthy: false, failure: { code: 'offset_beyond_log' } })
}, 60_000)

test('lag is told per partition, of what is taken and of what is durable', async () => {
  const topic = await createTopic(2)
  await producer.send(topic, [
    ...Array.from({ length: 30 }, (_, index) => ({ value: `a${index}`, partition: 0 })),
    ...Array.from({ length: 20 }, (_, index) => ({ value: `b${index}`, partition: 1 })),
  ])
  const record = new DurableRecord()
  const sink = new RecordingSink(record)
  const release = sink.hold()
  const lags = new Map<number, { lag: number; durableLag: number }>()
  await using source = startSource(sink, {
    brokers: broker.brokers,
    topics: [topic],
    hooks: { onLag: ({ partition, lag, durableLag }) => lags.set(partition, { lag, durableLag }) },
  })
  await until('all is taken', () => lags.get(0)?.lag === 0 && lags.get(1)?.lag === 0)
  expect([lags.get(0)?.durableLag, lags.get(1)?.durableLag]).toEqual([30, 20])
  release()
  await until('all is durable', () => lags.get(0)?.durableLag === 0 && lags.get(1)?.durableLag === 0)
  expect(source.health().lag).toBe(0)
}, 60_000)

test('dead letters are published under their id without anything else a caller left on them', async () => {
  const topic = await createTopic()
  await using letters = createDeadLetterProducer(
    { brokers: broker.brokers, clientId: 'crmwatch-test', topic },
    { logger: new LogLines() },
  )
  const letter: DeadLetter = {
    letter_uid: 'l-1',
    received_at: 1_700_000_000_000,
    source: 'kafka',
    topic: 'crm.access',
    partition: 3,
    offset: '42',
    line: null,
    reason: 'invalid_json',
    detail: 'value is not JSON',
    bytes: 17,
  }
  const withBody = { ...letter, body: 'Erika Mustermann' }
  expect(await letters.publish([withBody, { ...letter, letter_uid: 'l-2' }])).toEqual({ kind: 'published', letters: 2 })
  const record = new DurableRecord()
  await using _source = startSource(new RecordingSink(record), { brokers: broker.brokers, topics: [topic] })
  await until('they are there', () => record.count(topic) === 2)
  expect(texts(record.values(topic)).map((text) => JSON.parse(text ?? ''))).toEqual([
    letter,
    { ...letter, letter_uid: 'l-2' },
  ])
}, 60_000)

test('dead letters for a topic that is not there are an outcome, and go out once it is', async () => {
  const topic = uniqueName('crm.access.dead')
  await using letters = createDeadLetterProducer(
    { brokers: broker.brokers, clientId: 'crmwatch-test', topic },
    { logger: new LogLines() },
  )
  const letter: DeadLetter = {
    ...{ letter_uid: 'l-1', received_at: 0, source: 'http', topic: null, partition: null, offset: null, line: 7 },
    ...{ reason: 'missing_actor', detail: 'actor_uid is missing', bytes: 2 },
  }
  expect(await letters.publish([letter])).toMatchObject({ kind: 'failed' })
  await admin.createTopic(topic, 1)
  expect(await letters.publish([letter])).toEqual({ kind: 'published', letters: 1 })
}, 60_000)

function keyed(count: number): { key: string; value: string }[] {
  return makeValues(count).map(({ value }, index) => ({ key: `k${index % 17}`, value }))
}
