import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import duckdb from '@duckdb/node-bindings'

export interface Machine {
  readonly cores: number
  readonly model: string
  readonly memoryGibibytes: number
  readonly node: string
  readonly duckdb: string
  readonly kafka: string
}

const POM = join(import.meta.dirname, '..', 'test', 'support', 'broker', 'pom.xml')

export function describeMachine(): Machine {
  const kafka = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([^<]+)</.exec(readFileSync(POM, 'utf8'))
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    duckdb: duckdb.library_version(),
    kafka: process.env.KAFKA_BROKERS ? 'outside broker' : (kafka?.[1] ?? 'unknown'),
  }
}
