import type { ServiceMetrics } from '../api/service-metrics.ts'
import type { AlertStreamEvent } from '../api/services.ts'
import type { PipelineHooks } from '../ingest/pipeline-contract.ts'
import type { DeadLetter } from '../ingest/stream-sink.ts'
import type { Kind } from '../model/event-batch.ts'

export interface ObserverParts {
  readonly metrics: ServiceMetrics
  readonly now: () => number
  readonly kindOf: (code: number) => Kind
  readonly tell: (event: AlertStreamEvent) => void
  /** Alerts were opened or changed. */
  readonly onAlerts: () => void
  readonly onDeadLetters: (letters: readonly DeadLetter[]) => void
  readonly onFailed: (error: Error) => void
  /** Newest event time by source, and when the last staff record came: read by the gauges. */
  readonly feeds: Feeds
}

export interface Feeds {
  readonly newestEvents: Map<string, number>
  lastStaffAt: number | null
}

/** Turns what the pipeline reports into metrics and the alert stream. */
export function createPipelineObserver({ metrics, now, feeds, ...parts }: ObserverParts): PipelineHooks {
  let streamId = 0
  return {
    events: (source, _accepted, duplicates) => metrics.duplicates.inc({ source }, duplicates),
    rejected: (source, reason) => metrics.rejected.inc({ source, reason }),
    findings: (detector) => metrics.findings.inc({ detector }),
    staff(records) {
      feeds.lastStaffAt = now()
      metrics.staffRecords.inc(records)
    },
    committed(batch) {
      metrics.batchSeconds.observe(batch.seconds)
      metrics.batchEvents.observe(batch.events)
      for (const [code, events] of batch.kinds) {
        const { source, action } = parts.kindOf(code)
        metrics.events.inc({ source, action }, events)
        const newest = feeds.newestEvents.get(source) ?? 0
        if (batch.newestEventTime > newest) feeds.newestEvents.set(source, batch.newestEventTime)
      }
      for (const { type, alert } of batch.changes) {
        if (type === 'alert.opened') {
          metrics.alertsOpened.inc({ detector: alert.detector, severity: alert.severity })
          metrics.alertSeconds.observe((now() - batch.firstAt) / 1000)
        }
        parts.tell({ type, id: ++streamId, alert })
      }
      if (batch.changes.length > 0) parts.onAlerts()
      if (batch.deadLetters.length > 0) parts.onDeadLetters(batch.deadLetters)
    },
    failed: parts.onFailed,
  }
}
