import { linesPanel } from '../panels.ts'
import { increase, quantile, series } from '../series.ts'

/** Whether alerts reach people. Empty where no channel is configured. */
export const deliveryPanels = () => [
  linesPanel({
    title: 'Deliveries, by channel and outcome',
    description: 'Messages that were sent, given up, or no longer needed.',
    unit: 'none',
    bars: true,
    queries: [
      {
        expr: `sum by (channel, outcome) (${increase('crmwatch_deliveries_total')})`,
        legend: '{{channel}}: {{outcome}}',
      },
    ],
  }),
  linesPanel({
    title: 'Failed attempts, by channel and reason',
    description: 'Each is tried again, later and later.',
    unit: 'none',
    bars: true,
    queries: [
      {
        expr: `sum by (channel, reason) (${increase('crmwatch_delivery_failures_total')})`,
        legend: '{{channel}}: {{reason}}',
      },
    ],
  }),
  linesPanel({
    title: 'Oldest message due, by channel',
    description: 'How long the oldest message that should be out has waited.',
    unit: 's',
    queries: [
      { expr: `max by (channel) (${series('crmwatch_deliveries_oldest_due_seconds')})`, legend: '{{channel}}' },
    ],
  }),
  linesPanel({
    title: 'Messages in the outbox, by channel',
    description: 'Messages waiting, those for later included.',
    unit: 'none',
    queries: [{ expr: `sum by (channel) (${series('crmwatch_deliveries_waiting')})`, legend: '{{channel}}' }],
  }),
  linesPanel({
    title: 'Time to deliver, 95 %, by channel',
    description: 'From when a message was ready until the channel had it.',
    unit: 's',
    queries: [{ expr: quantile(0.95, 'crmwatch_delivery_seconds', ['channel']), legend: '{{channel}}' }],
  }),
]
