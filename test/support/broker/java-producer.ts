import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchKafkaJars } from './kafka-jars.ts'
import { runCommand } from './run-command.ts'

export interface JavaProducerOptions {
  readonly brokers: readonly string[]
  readonly topic: string
  /** One per line; each record is one of them, picked at random. */
  readonly payloads: readonly string[]
  readonly records: number
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  readonly properties?: Readonly<Record<string, string>>
}

/** Produces with Kafka's own Java client (ProducerPerformance), as fast as it goes, and resolves when all is acked. */
export async function produceWithJava(options: JavaProducerOptions): Promise<void> {
  const classPath = await fetchKafkaJars()
  const directory = await mkdtemp(join(tmpdir(), 'crmwatch-produce-'))
  try {
    const payloads = join(directory, 'payloads')
    await writeFile(payloads, options.payloads.join('\n'))
    const properties = {
      'compression.type': options.compression,
      'linger.ms': '20',
      'batch.size': '131072',
      acks: 'all',
      ...options.properties,
    }
    await runCommand('java', [
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m', '-cp', classPath],
      'org.apache.kafka.tools.ProducerPerformance',
      ...['--bootstrap-server', options.brokers.join(',')],
      ...['--topic', options.topic, '--num-records', String(options.records), '--throughput', '-1'],
      ...['--payload-file', payloads],
      '--command-property',
      ...Object.entries(properties).map(([key, value]) => `${key}=${value}`),
    ])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
