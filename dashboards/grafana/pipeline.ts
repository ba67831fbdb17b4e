import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { createFrame } from './frame.ts'
import { numberPanel, rowOf } from './panels.ts'
import { costPanels } from './pipeline/cost-panels.ts'
import { deliveryPanels } from './pipeline/delivery-panels.ts'
import { intakePanels } from './pipeline/intake-panels.ts'
import { kafkaPanels } from './pipeline/kafka-panels.ts'
import { latencyPanels } from './pipeline/latency-panels.ts'
import { sourcePanels } from './pipeline/source-panels.ts'
import { CHOSEN_SOURCE, rate, series } from './series.ts'

const ROWS = [
  { title: 'What comes in', panels: intakePanels },
  { title: 'Logs of CRMs', panels: sourcePanels },
  { title: 'Kafka', panels: kafkaPanels },
  { title: 'Latency', panels: latencyPanels },
  { title: 'Delivery', panels: deliveryPanels },
  { title: 'Cost', panels: costPanels },
]

/** For whoever runs it: what comes in, whether it keeps up, and what it costs. */
export function createPipeline(): DashboardBuilder {
  const dashboard = createFrame({
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
        expr: `sum(${rate('crmwatch_events_total', CHOSEN_SOURCE)})`,
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
        expr: `sum(increase(${series('crmwatch_events_rejected_total', CHOSEN_SOURCE)}[$__range]))`,
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
  for (const { title, panels } of ROWS) {
    dashboard.withRow(rowOf(title))
    for (const panel of panels()) dashboard.withPanel(panel)
  }
  return dashboard
}
