import kafkajs, { type Kafka, type logCreator, type RetryOptions, type SASLOptions } from 'kafkajs'
import { registerCodecs } from './codecs.ts'
import { boundDetail } from './failure.ts'
import type { KafkaConnection, SourceLogger } from './options.ts'

/** Short: a client that does not get through soon is rebuilt by its owner, who also shows it in health. */
export const CLIENT_RETRY: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 6 }

/** What may be told of a library's log entry: names and counts, never payloads, settings or credentials. */
const TOLD = ['namespace', 'broker', 'groupId', 'topic', 'partition', 'retryCount', 'retryTime', 'duration'] as const

/** One client of the cluster; connects to nothing yet. */
export function createKafkaClient(connection: KafkaConnection, logger: SourceLogger): Kafka {
  registerCodecs()
  const { ssl, sasl } = connection
  if (sasl?.mechanism === 'plain' && !ssl) {
    logger.warn({ clientId: connection.clientId }, 'Kafka SASL PLAIN without TLS sends the password in clear text')
  }
  return new kafkajs.Kafka({
    brokers: [...connection.brokers],
    clientId: connection.clientId,
    ssl: typeof ssl === 'object' ? { ...ssl } : ssl,
    sasl: sasl === undefined ? undefined : toSaslOptions(sasl),
    connectionTimeout: 10_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    retry: CLIENT_RETRY,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: createLogCreator(logger),
  })
}

/** The library's type wants one literal mechanism a variant, so each is named. */
function toSaslOptions({ mechanism, username, password }: NonNullable<KafkaConnection['sasl']>): SASLOptions {
  if (mechanism === 'plain') return { mechanism, username, password }
  if (mechanism === 'scram-sha-256') return { mechanism, username, password }
  return { mechanism, username, password }
}

/** A level lower than the library's: what it calls an error it mostly gets over, and what it does not is told by its owner. */
function createLogCreator(logger: SourceLogger): logCreator {
  return () => (entry) => {
    const fields: Record<string, unknown> = { namespace: entry.namespace }
    for (const key of TOLD) {
      const value: unknown = entry.log[key]
      if (typeof value === 'string' || typeof value === 'number') fields[key] = value
    }
    if (typeof entry.log.error === 'string') fields.error = boundDetail(entry.log.error)
    const message = `kafkajs: ${boundDetail(entry.log.message)}`
    if (entry.level === kafkajs.logLevel.ERROR) logger.warn(fields, message)
    else logger.info(fields, message)
  }
}
