import { linesPanel } from '../panels.ts'
import { increase, quantile, rate, series } from '../series.ts'

/** How long it takes, from the arrival of an event to its alert, and of requests. */
export const latencyPanels = () => [
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
  linesPanel({
    title: 'Time of a batch',
    description: 'From its closing to its commit.',
    unit: 's',
    queries: [
      { expr: quantile(0.5, 'crmwatch_batch_seconds'), legend: 'half' },
      { expr: quantile(0.99, 'crmwatch_batch_seconds'), legend: '99 %' },
    ],
  }),
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
  linesPanel({
    title: 'HTTP answers, 95 %',
    description: 'By route; without the stream.',
    unit: 's',
    queries: [{ expr: quantile(0.95, 'crmwatch_http_request_seconds', ['route']), legend: '{{route}}' }],
  }),
  linesPanel({
    title: 'HTTP requests',
    description: 'Per second, by status, and those without a sufficient token by reason.',
    unit: 'ops',
    queries: [
      { expr: `sum by (status) (${rate('crmwatch_http_request_seconds_count')})`, legend: '{{status}}' },
      { expr: `sum by (reason) (${rate('crmwatch_http_auth_failures_total')})`, legend: 'refused: {{reason}}' },
    ],
  }),
  linesPanel({
    title: 'Stream clients',
    description: 'Connected now, and dropped because they read too slowly.',
    unit: 'none',
    queries: [
      { expr: `sum(${series('crmwatch_stream_clients')})`, legend: 'connected' },
      { expr: `sum(${increase('crmwatch_stream_clients_dropped_total')})`, legend: 'dropped' },
    ],
  }),
]
