import { linesPanel } from '../panels.ts'
import { CHOSEN_SOURCE, increase, rate } from '../series.ts'

/** What reaches the service, and what of it could not be used. */
export const intakePanels = () => [
  linesPanel({
    title: 'Events, by source',
    description: 'Stored per second.',
    unit: 'ops',
    stacked: true,
    queries: [{ expr: `sum by (source) (${rate('crmwatch_events_total', CHOSEN_SOURCE)})`, legend: '{{source}}' }],
  }),
  linesPanel({
    title: 'Events, by action',
    description: 'Stored per second.',
    unit: 'ops',
    stacked: true,
    queries: [{ expr: `sum by (action) (${rate('crmwatch_events_total', CHOSEN_SOURCE)})`, legend: '{{action}}' }],
  }),
  linesPanel({
    title: 'Dead letters, by reason',
    description: 'Messages that could not be used: what they tell is not watched.',
    unit: 'none',
    bars: true,
    queries: [
      {
        expr: `sum by (source, reason) (${increase('crmwatch_events_rejected_total', CHOSEN_SOURCE)})`,
        legend: '{{source}}: {{reason}}',
      },
    ],
  }),
  linesPanel({
    title: 'Duplicates and staff records',
    description: 'Events per second that had been stored before, and records from HR.',
    unit: 'ops',
    queries: [
      {
        expr: `sum by (source) (${rate('crmwatch_events_duplicate_total', CHOSEN_SOURCE)})`,
        legend: 'again: {{source}}',
      },
      { expr: `sum(${rate('crmwatch_staff_records_total')})`, legend: 'staff records' },
    ],
  }),
]
