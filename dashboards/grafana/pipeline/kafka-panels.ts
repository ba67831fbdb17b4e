import { linesPanel } from '../panels.ts'
import { increase, rate, series } from '../series.ts'

/** What the topics hold and how the consumer fares. */
export const kafkaPanels = () => [
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
  linesPanel({
    title: 'Messages received, by topic',
    description: 'Per second.',
    unit: 'ops',
    queries: [{ expr: `sum by (topic) (${rate('crmwatch_kafka_messages_total')})`, legend: '{{topic}}' }],
  }),
  linesPanel({
    title: 'Lost and unreadable messages',
    description: 'Lost: the broker no longer had them when they were asked for. Both should stay at 0.',
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
]
