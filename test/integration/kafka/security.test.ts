import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMessageProducer } from '../../../ingest/kafka/producer.ts'
import { createTopicAdmin } from '../../../ingest/kafka/topic-admin.ts'
import { type Broker, startBroker } from '../../support/broker.ts'
import { LogLines, makeValues, startSource, uniqueName, until } from './harness.ts'
import { DurableRecord, RecordingSink } from './recording-sink.ts'

const LOGINS = [
  { mechanism: 'plain', username: 'paula', password: 'plain-Geheim-1' },
  { mechanism: 'scram-sha-256', username: 'sigrid', password: 'scram-Geheim-2' },
  { mechanism: 'scram-sha-512', username: 'sven', password: 'scram-Geheim-3' },
] as const
const USERS = [
  { name: 'paula', password: 'plain-Geheim-1', mechanism: 'PLAIN' },
  { name: 'sigrid', password: 'scram-Geheim-2', mechanism: 'SCRAM-SHA-256' },
  { name: 'sven', password: 'scram-Geheim-3', mechanism: 'SCRAM-SHA-512' },
] as const

let broker: Broker
let clear: Broker
let topic: string
beforeAll(async () => {
  topic = uniqueName('secured')
  ;[broker, clear] = await Promise.all([
    startBroker({ secured: { protocol: 'SASL_SSL', users: USERS } }),
    startBroker({ secured: { protocol: 'SASL_PLAINTEXT', users: USERS } }),
  ])
  for (const { brokers } of [broker, clear]) {
    const connection = { brokers, clientId: 'crmwatch-test' }
    await using admin = await createTopicAdmin(connection, { logger: new LogLines() })
    await admin.createTopic(topic, 1)
    await using producer = await createMessageProducer(connection, { logger: new LogLines() })
    await producer.send(topic, makeValues(10))
  }
}, 330_000)
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]()
  await clear?.[Symbol.asyncDispose]()
})

function securedOf(which: Broker) {
  if (which.secured === null) throw new Error('The broker has no secured listener')
  return which.secured
}

test.each(LOGINS)('reads over TLS as a user of $mechanism', { timeout: 60_000 }, async (sasl) => {
  const { brokers, ca } = securedOf(broker)
  const record = new DurableRecord()
  const logger = new LogLines()
  await using source = startSource(new RecordingSink(record), {
    brokers,
    ...{ topics: [topic], ssl: { ca: ca ?? '' }, sasl, logger },
  })
  await until('all are stored', () => record.count(topic) === 10)
  expect(source.health().healthy).toBe(true)
  expect(logger.lines.filter((line) => line.includes(sasl.password))).toEqual([])
})

test.each(LOGINS)('reads without TLS as a user of $mechanism', { timeout: 60_000 }, async (sasl) => {
  const record = new DurableRecord()
  const logger = new LogLines()
  await using _source = startSource(new RecordingSink(record), {
    brokers: securedOf(clear).brokers,
    ...{ topics: [topic], sasl, logger },
  })
  await until('all are stored', () => record.count(topic) === 10)
  expect(logger.lines.some((line) => line.includes('clear text'))).toBe(sasl.mechanism === 'plain')
})

test.each(LOGINS)(
  'a wrong password of $mechanism shows in health and nowhere else',
  { timeout: 60_000 },
  async (right) => {
    const { brokers, ca } = securedOf(broker)
    const record = new DurableRecord()
    const logger = new LogLines()
    const sasl = { ...right, password: 'wrong-Geheim' }
    await using source = startSource(new RecordingSink(record), {
      brokers,
      ...{ topics: [topic], ssl: { ca: ca ?? '' }, sasl, logger },
    })
    await until('it was tried twice', () => source.health().rebuilds >= 2)
    expect(source.health()).toMatchObject({ healthy: false, failure: { code: 'authentication_failed' } })
    expect(record.count(topic)).toBe(0)
    expect([...logger.lines, JSON.stringify(source.health())].filter((text) => text.includes('Geheim'))).toEqual([])
  },
)

test('a certificate that nobody vouches for is refused', async () => {
  const { brokers } = securedOf(broker)
  await using source = startSource(new RecordingSink(new DurableRecord()), {
    brokers,
    ...{ topics: [topic], ssl: true, sasl: LOGINS[0] },
  })
  await until('it is shown', () => source.health().failure !== null)
  expect(source.health()).toMatchObject({ healthy: false, failure: { code: 'broker_unreachable' } })
  expect(source.health().failure?.detail).toContain('self-signed certificate')
}, 60_000)

test('it is trusted where the certificate is not to be looked at', { timeout: 60_000 }, async () => {
  const record = new DurableRecord()
  await using _source = startSource(new RecordingSink(record), {
    brokers: securedOf(broker).brokers,
    ...{ topics: [topic], ssl: { rejectUnauthorized: false }, sasl: LOGINS[0] },
  })
  await until('all are stored', () => record.count(topic) === 10)
})

test('a key of its own is opened by its passphrase alone', { timeout: 60_000 }, async () => {
  const passphrase = 'key-Geheim-4'
  const { privateKey: key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
  })
  const { brokers, ca } = securedOf(broker)
  const record = new DurableRecord()
  const logger = new LogLines()
  const options = (ssl: object) => ({
    brokers,
    ...{ topics: [topic], ssl: { ca: ca ?? '', key, ...ssl }, sasl: LOGINS[0], logger },
  })
  await using source = startSource(new RecordingSink(record), options({ passphrase }))
  await until('all are stored', () => record.count(topic) === 10)
  expect(source.health().healthy).toBe(true)
  await using closed = startSource(new RecordingSink(new DurableRecord()), options({ passphrase: 'wrong-Geheim' }))
  await until('it is shown', () => closed.health().failure !== null)
  expect([...logger.lines, JSON.stringify(closed.health())].filter((text) => text.includes('Geheim'))).toEqual([])
})
