import type { Held } from '../alerts/suppression.ts'
import type { ServiceMetrics } from '../api/service-metrics.ts'
import type { AlertStreamEvent } from '../api/services.ts'
import type { PipelineHooks } from '../ingest/pipeline/pipeline-contract.ts'
import type { SourceTally } from '../ingest/sources/source-tally.ts'
import type { DeadLetter } from '../ingest/stream-sink.ts'
import type { Alert } from '../model/alert.ts'
import type { Kind } from '../model/event-batch.ts'

export interface ObserverParts {
  readonly metrics: ServiceMetrics
  readonly now: () => number
  readonly kindOf: (code: number) => Kind
  readonly onTallies: (tallies: readonly SourceTally[]) => void
  /** Alerts were opened or changed. */
  readonly onAlerts: () => void
  /** An alert opened or changed, and is stored. */
  readonly tell: (type: AlertStreamEvent['type'], alert: Alert) => void
  readonly onHeld: (findings: number) => void
  /** Events were left out of the counts. */
  readonly onLeftOut: (events: number) => void
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
      for (const { source, records, ignored, rejected } of batch.tallies) {
        const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, n) => all + n, 0)
        const outcomes = { ignored: sum(ignored), rejected: Math.max(0, sum(rejected)) }
        metrics.sourceRows.inc({ source, outcome: 'ignored' }, outcomes.ignored)
        metrics.sourceRows.inc({ source, outcome: 'rejected' }, outcomes.rejected)
        metrics.sourceRows.inc(
          { source, outcome: 'access' },
          Math.max(0, records - outcomes.ignored - outcomes.rejected),
        )
      }
      parts.onTallies(batch.tallies)
      for (const { type, alert } of batch.changes) {
        if (type === 'alert.opened') {
          metrics.alertsOpened.inc({ detector: alert.detector, severity: alert.severity })
          metrics.alertSeconds.observe((now() - batch.firstAt) / 1000)
        }
        parts.tell(type, alert)
      }
      if (batch.changes.length > 0) parts.onAlerts()
      parts.onHeld(sumOf(batch.held))
      parts.onLeftOut(sumOf(batch.leftOut))
      if (batch.deadLetters.length > 0) parts.onDeadLetters(batch.deadLetters)
    },
    failed: parts.onFailed,
  }
}

const sumOf = (held: readonly Held[]): number => held.reduce((sum, { items }) => sum + items, 0)
