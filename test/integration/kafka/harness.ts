import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createKafkaSource, type KafkaSource } from '../../../ingest/kafka/consumer.ts'
import type { KafkaSourceOptions, SourceHooks, SourceLogger } from '../../../ingest/kafka/options.ts'
import { createSystemRuntime } from '../../../ingest/kafka/runtime.ts'
import type { StreamSink } from '../../../ingest/stream-sink.ts'

const GIVE_UP_MS = 40_000

/** Waits until the condition holds; gives up with what it waited for, long after any sensible time. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`)
    await sleep(25)
  }
}

/** Names of their own for every test, so that tests can share a broker, also one that was there before. */
export function uniqueName(prefix: string): string {
  return `${prefix}.${randomUUID().slice(0, 8)}`
}

export class LogLines implements SourceLogger {
  readonly lines: string[] = []
  info(fields: object, message: string): void {
    this.lines.push(`info ${message} ${JSON.stringify(fields)}`)
  }
  warn(fields: object, message: string): void {
    this.lines.push(`warn ${message} ${JSON.stringify(fields)}`)
  }
  error(fields: object, message: string): void {
    this.lines.push(`error ${message} ${JSON.stringify(fields)}`)
  }
}

export type SourceSetting = Partial<KafkaSourceOptions> & {
  readonly brokers: readonly string[]
  readonly hooks?: SourceHooks
  readonly logger?: SourceLogger
}

/** A started source that looks around often, so that tests need not wait for it. */
export function startSource(sink: StreamSink, { hooks, logger, ...options }: SourceSetting): KafkaSource {
  const source = createKafkaSource(
    {
      clientId: 'crmwatch-test',
      groupId: uniqueName('group'),
      topics: [],
      pollIntervalMs: 200,
      commitIntervalMs: 100,
      retryFirstMs: 100,
      retryLongestMs: 500,
      ...options,
    },
    sink,
    { logger: logger ?? new LogLines(), runtime: createSystemRuntime(), hooks },
  )
  source.start()
  return source
}

export function makeValues(count: number, prefix = 'm'): { value: string }[] {
  return Array.from({ length: count }, (_, index) => ({ value: `${prefix}${index}` }))
}

export function texts(values: readonly (Buffer | null)[]): (string | null)[] {
  return values.map((value) => value?.toString() ?? null)
}
