import type { HealthReport } from '../api/services.ts'
import type { KafkaSource } from '../ingest/kafka/consumer.ts'

/** Whether the service works. `ready`: it has started and is not ending; `source` is null without Kafka. */
export function readHealth(
  failure: Error | null,
  ready: boolean,
  source: ReturnType<KafkaSource['health']> | null,
): HealthReport {
  return {
    alive: failure === null,
    ready: ready && failure === null && (source === null || source.healthy),
    checks: {
      store: { ok: failure === null, detail: failure === null ? 'written' : 'the last write failed' },
      ...(source === null ? {} : { kafka: { ok: source.healthy, detail: source.failure?.code ?? source.state } }),
    },
  }
}
