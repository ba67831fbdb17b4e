import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMessageProducer, type MessageProducer } from '../../../ingest/kafka/producer.ts'
import { createTopicAdmin, type TopicAdmin } from '../../../ingest/kafka/topic-admin.ts'
import { type Database, openDatabase } from '../../../store/database.ts'
import { type Broker, type BrokerOptions, startBroker } from '../../support/broker.ts'
import { LogLines, uniqueName, until } from '../kafka/harness.ts'

export { uniqueName, until } from '../kafka/harness.ts'

/** A broker with clients, and topics of their own for every test. */
export interface Cluster extends AsyncDisposable {
  readonly broker: Broker
  readonly admin: TopicAdmin
  readonly producer: MessageProducer
  /** Makes the topics and says how the service is told of them. */
  createTopics(partitions: number): Promise<Topics>
}

export interface Topics {
  readonly access: string
  readonly staff: string
  readonly dead: string
  readonly group: string
  /** The environment of a service that reads them, without its data folder. */
  readonly settings: Readonly<Record<string, string>>
}

const connect = (brokers: string[]) => ({ brokers, clientId: 'crmwatch-test' })

export async function startCluster(options: BrokerOptions = {}): Promise<Cluster> {
  const broker = await startBroker(options)
  const parts = { logger: new LogLines() }
  const admin = await createTopicAdmin(connect(broker.brokers), parts)
  const producer = await createMessageProducer(connect(broker.brokers), parts)
  return {
    broker,
    admin,
    producer,
    async createTopics(partitions) {
      const access = uniqueName('crm.access')
      const topics = { access, staff: `${access}.staff`, dead: `${access}.dead`, group: uniqueName('group') }
      await admin.createTopic(access, partitions, { 'max.message.bytes': String(4 * 1024 * 1024) })
      await admin.createTopic(topics.staff, 1)
      await admin.createTopic(topics.dead, 1)
      return {
        ...topics,
        settings: {
          CRMWATCH_KAFKA_BROKERS: broker.brokers.join(','),
          CRMWATCH_KAFKA_TOPICS: access,
          CRMWATCH_KAFKA_STAFF_TOPIC: topics.staff,
          CRMWATCH_KAFKA_DEAD_LETTER_TOPIC: topics.dead,
          CRMWATCH_KAFKA_GROUP_ID: topics.group,
          CRMWATCH_INGEST_BATCH_MAX_DELAY_MS: '20',
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await producer[Symbol.asyncDispose]()
      await admin[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
    },
  }
}

/** Waits until the group has committed everything in the topic, which it does only with what is durable. */
export async function untilStored({ admin }: Cluster, topic: string, group: string): Promise<void> {
  await until('everything is stored', async () => {
    const [ends, offsets] = await Promise.all([
      admin.logEnds(topic),
      // A broker that has just started is not ready to answer this.
      admin.groupOffsets(group, topic).catch(() => new Map<number, bigint | null>()),
    ])
    return ends.every(({ partition, high }) => high === 0n || offsets.get(partition) === high)
  })
}

/** Opens the store of a service that has ended. */
export async function withStore<T>(dir: string, use: (db: Database) => Promise<T>): Promise<T> {
  await using db = await openDatabase({ dir })
  return await use(db)
}

export async function withFolders<T>(count: number, use: (...dirs: string[]) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'crmwatch-service-'))
  try {
    return await use(...Array.from({ length: count }, (_, n) => join(root, `data-${n}`)))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}
