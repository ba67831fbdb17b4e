import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import type { KafkaConnection } from '../ingest/kafka/options.ts'

/** How to reach the brokers, with the certificates read from their files. Throws when one cannot be read. */
export function kafkaConnection({ kafka }: Config): KafkaConnection {
  const pem = (path: string | null) => (path === null ? undefined : readFileSync(path, 'utf8'))
  const { ssl, sasl } = kafka
  return {
    brokers: kafka.brokers,
    clientId: kafka.client_id,
    ssl: ssl.enabled
      ? {
          ca: pem(ssl.ca_file),
          cert: pem(ssl.cert_file),
          key: pem(ssl.key_file),
          passphrase: ssl.key_passphrase ?? undefined,
          rejectUnauthorized: ssl.reject_unauthorized,
        }
      : undefined,
    sasl:
      sasl.mechanism === null
        ? undefined
        : { mechanism: sasl.mechanism, username: sasl.username ?? '', password: sasl.password ?? '' },
  }
}
