import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { SEVERITIES } from '../model/alert.ts'

/** What is read at each scrape rather than kept. */
export interface ScrapedState {
  storeBytes(): number
  windowEntries(): number
  refoldsWaiting(): number
  /** Epoch ms of the last staff record taken, and of the newest event by source. */
  lastStaffAt(): number | null
  newestEventTimes(): ReadonlyMap<string, number>
  /** By configured source; null while its habit is not known. */
  silentHours(): readonly (readonly [source: string, hours: number | null])[]
  /** Epoch ms of the last pull that came to its end, by source; null for one that is not pulled or has not been yet. */
  lastPulls(): readonly (readonly [source: string, at: number | null])[]
  readonly staffStaleAfterMs: number
  now(): number
  /** Ids of those that may find something: their counters stand at 0 until then. */
  readonly detectors: readonly string[]
}

export type ServiceMetrics = ReturnType<typeof createServiceMetrics>

/** The pipeline's and the detectors' metrics. Labels come from bounded sets; no person is ever in one. */
export function createServiceMetrics(registry: Registry, state: ScrapedState) {
  const registers = [registry]
  const seconds = (epochMs: number) => Math.max(0, (state.now() - epochMs) / 1000)
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  /** Of a source without a value, null, nothing is said. */
  const bySource = (
    name: string,
    help: string,
    read: () => Iterable<readonly [source: string, value: number | null]>,
    inSeconds: (value: number) => number,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['source'] as const,
      registers,
      collect() {
        this.reset()
        for (const [source, value] of read()) if (value !== null) this.set({ source }, inSeconds(value))
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
  bySource(
    'crmwatch_source_event_age_seconds',
    'Age of the newest event of a source, by event time; absent from a start until one comes.',
    state.newestEventTimes,
    seconds,
  )
  bySource(
    'crmwatch_source_silence_seconds',
    'Hours without a row in which the source usually delivers; absent while a week of it is not known.',
    state.silentHours,
    (hours) => hours * 3600,
  )
  bySource(
    'crmwatch_source_pull_age_seconds',
    "Time since a source was last fetched from its CRM's API to the end; absent until it was once.",
    state.lastPulls,
    seconds,
  )

  const metrics = {
    events: new Counter({
      name: 'crmwatch_events_total',
      help: 'Events stored, by source and action.',
      labelNames: ['source', 'action'] as const,
      registers,
    }),
    duplicates: new Counter({
      name: 'crmwatch_events_duplicate_total',
      help: 'Events that had been stored before, by source.',
      labelNames: ['source'] as const,
      registers,
    }),
    rejected: new Counter({
      name: 'crmwatch_events_rejected_total',
      help: 'Messages that could not be used, by source and reason; each is a dead letter.',
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
    sourcePulls: new Counter({
      name: 'crmwatch_source_pulls_total',
      help: "Pulls of a CRM's API by how they ended: ok, or the kind of failure.",
      labelNames: ['source', 'outcome'] as const,
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
      help: 'Messages of a partition that are not stored yet, as of the last look (every 5 s).',
      labelNames: ['topic', 'partition'] as const,
      registers,
    }),
    kafkaBatches: new Counter({
      name: 'crmwatch_kafka_messages_total',
      help: 'Messages received from Kafka, by topic.',
      labelNames: ['topic'] as const,
      registers,
    }),
    kafkaRebuilds: new Counter({
      name: 'crmwatch_kafka_consumer_rebuilds_total',
      help: 'Kafka consumers that died and were made anew, by reason.',
      labelNames: ['reason'] as const,
      registers,
    }),
    kafkaGap: new Counter({
      name: 'crmwatch_kafka_gap_messages_total',
      help: 'Messages that the broker no longer had when they were asked for: its retention was quicker.',
      labelNames: ['topic'] as const,
      registers,
    }),
    kafkaUnreadable: new Counter({
      name: 'crmwatch_kafka_unreadable_messages_total',
      help: 'Messages of batches that could not be unpacked; they are dead letters.',
      labelNames: ['topic'] as const,
      registers,
    }),
    deadLettersUnpublished: new Gauge({
      name: 'crmwatch_dead_letters_unpublished',
      help: 'Dead letters that have not reached their topic yet.',
      registers,
    }),
  }
  // A rate sees a counter grow only from a value that it had before.
  for (const detector of state.detectors) {
    metrics.findings.inc({ detector }, 0)
    for (const severity of SEVERITIES) metrics.alertsOpened.inc({ detector, severity }, 0)
  }
  return metrics
}
