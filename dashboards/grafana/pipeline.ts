import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { createFrame } from './frame.ts'
import { linesPanel, numberPanel, rowOf } from './panels.ts'
import { increase, quantile, rate, series } from './series.ts'

const SOURCE = 'source=~"$source"'

/** For whoever runs it: what comes in, whether it keeps up, and what it costs. */
export const createPipeline = (): DashboardBuilder =>
  createFrame({
    uid: 'crmwatch-pipeline',
    title: 'crmwatch: pipeline',
    description: 'What comes in, whether crmwatch keeps up with it, and what that costs.',
    variables: [{ label: 'source', metric: 'crmwatch_events_total', title: 'Source' }],
    from: 'now-6h',
  })
    .withPanel(
      numberPanel({
        title: 'Events',
        description: 'Stored per second.',
        unit: 'ops',
        expr: `sum(${rate('crmwatch_events_total', SOURCE)})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Kafka lag',
        description: 'Messages that are not stored yet, over all partitions.',
        unit: 'short',
        expr: `sum(${series('crmwatch_kafka_lag_messages')})`,
        limits: { warning: 10_000, critical: 50_000 },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Arrival to alert, 95 %',
        description: 'From the arrival of an event to the commit of the alert it opens.',
        unit: 's',
        expr: `histogram_quantile(0.95, sum by (le) (increase(${series('crmwatch_event_to_alert_seconds_bucket')}[$__range])))`,
        limits: { warning: 2.5, critical: 5 },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Dead letters',
        description: 'Messages that could not be used, within the time shown.',
        unit: 'short',
        expr: `sum(increase(${series('crmwatch_events_rejected_total', SOURCE)}[$__range]))`,
        limits: { warning: 1 },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Store',
        description: 'The DuckDB file with its write-ahead log.',
        unit: 'bytes',
        expr: `sum(${series('crmwatch_store_size_bytes')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Disk in use',
        description: 'Of the fullest volume that holds a data folder.',
        unit: 'percentunit',
        expr: `max(1 - ${series('crmwatch_data_volume_free_bytes')} / ${series('crmwatch_data_volume_size_bytes')})`,
        limits: { warning: 0.8, critical: 0.9 },
      }),
    )
    .withRow(rowOf('What comes in'))
    .withPanel(
      linesPanel({
        title: 'Events, by source',
        description: 'Stored per second.',
        unit: 'ops',
        stacked: true,
        queries: [{ expr: `sum by (source) (${rate('crmwatch_events_total', SOURCE)})`, legend: '{{source}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Events, by action',
        description: 'Stored per second.',
        unit: 'ops',
        stacked: true,
        queries: [{ expr: `sum by (action) (${rate('crmwatch_events_total', SOURCE)})`, legend: '{{action}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Dead letters, by reason',
        description: 'Messages that could not be used: what they tell is not watched.',
        unit: 'none',
        bars: true,
        queries: [
          {
            expr: `sum by (source, reason) (${increase('crmwatch_events_rejected_total', SOURCE)})`,
            legend: '{{source}}: {{reason}}',
          },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Duplicates and staff records',
        description: 'Events per second that had been stored before, and records from HR.',
        unit: 'ops',
        queries: [
          { expr: `sum by (source) (${rate('crmwatch_events_duplicate_total', SOURCE)})`, legend: 'again: {{source}}' },
          { expr: `sum(${rate('crmwatch_staff_records_total')})`, legend: 'staff records' },
        ],
      }),
    )
    .withRow(rowOf('Kafka'))
    .withPanel(
      linesPanel({
        title: 'Lag, by topic and partition',
        description: 'Messages that are not stored yet. Alerts come late meanwhile, they are not lost.',
        unit: 'short',
        queries: [
          {
            expr: `sum by (topic, partition) (${series('crmwatch_kafka_lag_messages')})`,
            legend: '{{topic}} {{partition}}',
          },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Messages received, by topic',
        description: 'Per second.',
        unit: 'ops',
        queries: [{ expr: `sum by (topic) (${rate('crmwatch_kafka_messages_total')})`, legend: '{{topic}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Lost and unreadable messages',
        description: 'Lost: the broker no longer had them when they were asked for. Empty when all is well.',
        unit: 'none',
        bars: true,
        queries: [
          { expr: `sum by (topic) (${increase('crmwatch_kafka_gap_messages_total')})`, legend: 'lost: {{topic}}' },
          {
            expr: `sum by (topic) (${increase('crmwatch_kafka_unreadable_messages_total')})`,
            legend: 'unreadable: {{topic}}',
          },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Consumers that died, by reason, and dead letters waiting',
        description: 'A consumer is made anew at once; often is too often. Dead letters wait for their topic.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (reason) (${increase('crmwatch_kafka_consumer_rebuilds_total')})`,
            legend: 'died: {{reason}}',
          },
          { expr: `sum(${series('crmwatch_dead_letters_unpublished')})`, legend: 'dead letters waiting' },
        ],
      }),
    )
    .withRow(rowOf('Latency'))
    .withPanel(
      linesPanel({
        title: 'Arrival to alert',
        description:
          'From the arrival of a batch’s first message to the commit of an alert it opened; gaps where none was.',
        unit: 's',
        queries: [
          { expr: quantile(0.5, 'crmwatch_event_to_alert_seconds'), legend: 'half' },
          { expr: quantile(0.95, 'crmwatch_event_to_alert_seconds'), legend: '95 %' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Time of a batch',
        description: 'From its closing to its commit.',
        unit: 's',
        queries: [
          { expr: quantile(0.5, 'crmwatch_batch_seconds'), legend: 'half' },
          { expr: quantile(0.99, 'crmwatch_batch_seconds'), legend: '99 %' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Events of a batch',
        description: 'Full batches (ingest.batch_max_events) mean that more comes in than is written.',
        unit: 'short',
        queries: [
          {
            expr: `sum(${rate('crmwatch_batch_events_sum')}) / sum(${rate('crmwatch_batch_events_count')})`,
            legend: 'mean',
          },
          { expr: quantile(0.99, 'crmwatch_batch_events'), legend: '99 %' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'HTTP answers, 95 %',
        description: 'By route; without the stream.',
        unit: 's',
        queries: [{ expr: quantile(0.95, 'crmwatch_http_request_seconds', ['route']), legend: '{{route}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'HTTP requests',
        description: 'Per second, by status, and those without a sufficient token by reason.',
        unit: 'ops',
        queries: [
          { expr: `sum by (status) (${rate('crmwatch_http_request_seconds_count')})`, legend: '{{status}}' },
          { expr: `sum by (reason) (${rate('crmwatch_http_auth_failures_total')})`, legend: 'refused: {{reason}}' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Stream clients',
        description: 'Connected now, and dropped because they read too slowly.',
        unit: 'none',
        queries: [
          { expr: `sum(${series('crmwatch_stream_clients')})`, legend: 'connected' },
          { expr: `sum(${increase('crmwatch_stream_clients_dropped_total')})`, legend: 'dropped' },
        ],
      }),
    )
    .withRow(rowOf('Cost'))
    .withPanel(
      linesPanel({
        title: 'Memory',
        description: 'Of the process, and what of it the JavaScript heap uses.',
        unit: 'bytes',
        span: 8,
        queries: [
          { expr: series('crmwatch_resident_memory_bytes'), legend: 'resident {{instance}}' },
          { expr: series('crmwatch_heap_used_bytes'), legend: 'heap {{instance}}' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Processor and event loop',
        description:
          'Cores in use, and the share of time that the one JavaScript thread is at work: near 1 it has no more to give.',
        unit: 'none',
        span: 8,
        queries: [
          { expr: rate('crmwatch_cpu_seconds_total'), legend: 'cores {{instance}}' },
          { expr: rate('crmwatch_event_loop_busy_seconds_total'), legend: 'event loop {{instance}}' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Store and disk',
        description: 'Size of the DuckDB file with its write-ahead log, and the free space of its volume.',
        unit: 'bytes',
        span: 8,
        queries: [
          { expr: series('crmwatch_store_size_bytes'), legend: 'store {{instance}}' },
          { expr: series('crmwatch_data_volume_free_bytes'), legend: 'free {{instance}}' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Windows in memory',
        description: 'Accesses held for the sliding windows: what memory grows with.',
        unit: 'short',
        queries: [{ expr: series('crmwatch_window_entries'), legend: '{{instance}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Pasts to fold again',
        description: 'People whose past waits, after late events or a notice.',
        unit: 'none',
        queries: [{ expr: series('crmwatch_refolds_waiting'), legend: '{{instance}}' }],
      }),
    )
