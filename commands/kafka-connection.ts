import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import type { KafkaConnection } from '../ingest/kafka/options.ts'
import { fileFault, unreadable } from '../model/file-fault.ts'

/** How to reach the brokers, with the certificates read from their files. Throws when one cannot be read. */
export function kafkaConnection({ kafka }: Config): KafkaConnection {
  const { ssl, sasl } = kafka
  return {
    brokers: kafka.brokers,
    clientId: kafka.client_id,
    ssl: ssl.enabled
      ? {
          ca: pem('kafka.ssl.ca_file', ssl.ca_file),
          cert: pem('kafka.ssl.cert_file', ssl.cert_file),
          key: pem('kafka.ssl.key_file', ssl.key_file),
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

function pem(setting: string, path: string | null): string | undefined {
  if (path === null) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`${setting}: ${unreadable(path, fileFault(error), 'a PEM file')}`, { cause: error })
  }
}
