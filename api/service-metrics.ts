import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Severity } from '../model/alert.ts'

/** What is read at each scrape rather than kept. */
export interface ScrapedState {
  alertCounts(): Promise<{
    readonly open_by_severity: Partial<Record<Severity, number>>
    readonly oldest_unreviewed_detected_at: number | null
  }>
  storeBytes(): number
  windowEntries(): number
  refoldsWaiting(): number
  /** Epoch ms of the last staff record taken, and of the newest event by source. */
  lastStaffAt(): number | null
  newestEventTimes(): ReadonlyMap<string, number>
  /** By configured source; null while its habit is not known. */
  silentHours(): readonly (readonly [source: string, hours: number | null])[]
  readonly staffStaleAfterMs: number
  residentBytes(): number
  now(): number
  readonly severities: readonly Severity[]
}

export type ServiceMetrics = ReturnType<typeof createServiceMetrics>

/** The pipeline's and the detectors' metrics. Labels come from bounded sets; no person is ever in one. */
export function createServiceMetrics(registry: Registry, state: ScrapedState) {
  const registers = [registry]
  const seconds = (epochMs: number) => Math.max(0, (state.now() - epochMs) / 1000)
  const alertCounts = shared(state.alertCounts)
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })

  gauge('crmwatch_store_size_bytes', 'Size of the DuckDB file with its write-ahead log.', state.storeBytes)
  gauge('crmwatch_window_entries', 'Accesses held in memory for the sliding windows.', state.windowEntries)
  gauge('crmwatch_refolds_waiting', 'People whose past waits to be folded again.', state.refoldsWaiting)
  new Gauge({
    name: 'crmwatch_staff_feed_age_seconds',
    help: 'Time since the last staff record came; absent while none has.',
    registers,
    collect() {
      const at = state.lastStaffAt()
      this.reset()
      if (at === null) this.remove()
      else this.set(seconds(at))
    },
  })
  gauge('crmwatch_staff_feed_stale', 'Whether no staff record came for staff.stale_after_hours: 1 or 0.', () => {
    const at = state.lastStaffAt()
    return at === null || state.now() - at > state.staffStaleAfterMs ? 1 : 0
  })
  gauge('crmwatch_resident_memory_bytes', 'Resident memory of the process.', state.residentBytes)
  new Gauge({
    name: 'crmwatch_source_event_age_seconds',
    help: 'Age of the newest event of a source, by event time.',
    labelNames: ['source'] as const,
    registers,
    collect() {
      for (const [source, at] of state.newestEventTimes()) this.set({ source }, seconds(at))
    },
  })
  new Gauge({
    name: 'crmwatch_source_silent_hours',
    help: 'Hours without a row in which the source usually delivers; absent while a week of it is not known.',
    labelNames: ['source'] as const,
    registers,
    collect() {
      this.reset()
      for (const [source, hours] of state.silentHours()) if (hours !== null) this.set({ source }, hours)
    },
  })
  new Gauge({
    name: 'crmwatch_alerts_open',
    help: 'Alerts neither resolved nor closed.',
    labelNames: ['severity'] as const,
    registers,
    async collect() {
      const counts = await alertCounts()
      for (const severity of state.severities) this.set({ severity }, counts.open_by_severity[severity] ?? 0)
    },
  })
  new Gauge({
    name: 'crmwatch_alerts_oldest_unreviewed_seconds',
    help: 'Age of the oldest alert that nobody has looked at; 0 when there is none.',
    registers,
    async collect() {
      const counts = await alertCounts()
      const oldest = counts.oldest_unreviewed_detected_at
      this.set(oldest === null ? 0 : seconds(oldest))
    },
  })

  return {
    events: new Counter({
      name: 'crmwatch_events_total',
      help: 'Events stored, by source and action.',
      labelNames: ['source', 'action'] as const,
      registers,
    }),
    duplicates: new Counter({
      name: 'crmwatch_events_duplicate_total',
      help: 'Events that had been stored before.',
      labelNames: ['source'] as const,
      registers,
    }),
    rejected: new Counter({
      name: 'crmwatch_events_rejected_total',
      help: 'Messages that could not be used.',
      labelNames: ['source', 'reason'] as const,
      registers,
    }),
    sourceRows: new Counter({
      name: 'crmwatch_source_rows_total',
      help: 'Rows of CRM logs by what they turned out to be: access, ignored, rejected.',
      labelNames: ['source', 'outcome'] as const,
      registers,
    }),
    sourceFiles: new Counter({
      name: 'crmwatch_source_files_total',
      help: 'Files of watched folders that were taken to their end (done) or set aside.',
      labelNames: ['source', 'state'] as const,
      registers,
    }),
    staffRecords: new Counter({ name: 'crmwatch_staff_records_total', help: 'Staff records taken.', registers }),
    batchSeconds: new Histogram({
      name: 'crmwatch_batch_seconds',
      help: 'Time to write one batch, from its closing to its commit.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    batchEvents: new Histogram({
      name: 'crmwatch_batch_events',
      help: 'Events of one batch.',
      buckets: [1, 10, 100, 1_000, 5_000, 10_000, 20_000],
      registers,
    }),
    alertSeconds: new Histogram({
      name: 'crmwatch_event_to_alert_seconds',
      help: 'Time from the arrival of a batch’s first message to the commit of an alert it opened.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    findings: new Counter({
      name: 'crmwatch_findings_total',
      help: 'Findings made, by detector.',
      labelNames: ['detector'] as const,
      registers,
    }),
    alertsOpened: new Counter({
      name: 'crmwatch_alerts_opened_total',
      help: 'Alerts opened, by leading detector and severity at the opening.',
      labelNames: ['detector', 'severity'] as const,
      registers,
    }),
    kafkaLag: new Gauge({
      name: 'crmwatch_kafka_lag_messages',
      help: 'Messages in a partition that are not stored yet.',
      labelNames: ['topic', 'partition'] as const,
      registers,
    }),
    kafkaBatches: new Counter({
      name: 'crmwatch_kafka_messages_total',
      help: 'Messages received from Kafka.',
      labelNames: ['topic'] as const,
      registers,
    }),
    kafkaRebuilds: new Counter({
      name: 'crmwatch_kafka_consumer_rebuilds_total',
      help: 'Kafka consumers that died and were made anew.',
      labelNames: ['reason'] as const,
      registers,
    }),
    kafkaGap: new Counter({
      name: 'crmwatch_kafka_gap_messages_total',
      help: 'Messages that the broker no longer had when they were asked for.',
      labelNames: ['topic'] as const,
      registers,
    }),
    kafkaUnreadable: new Counter({
      name: 'crmwatch_kafka_unreadable_messages_total',
      help: 'Messages of batches that could not be unpacked.',
      labelNames: ['topic'] as const,
      registers,
    }),
    deadLettersUnpublished: new Gauge({
      name: 'crmwatch_dead_letters_unpublished',
      help: 'Dead letters that have not reached their topic yet.',
      registers,
    }),
  }
}

/** One call at a time: whoever asks while it is under way gets the same answer. All gauges are read at once. */
function shared<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let underWay: Promise<Result> | null = null
  return () => {
    underWay ??= read().finally(() => {
      underWay = null
    })
    return underWay
  }
}
