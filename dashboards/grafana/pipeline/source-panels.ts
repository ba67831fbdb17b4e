import { linesPanel } from '../panels.ts'
import { increase, rate, series } from '../series.ts'

/** Logs of CRMs: what their rows turn out to be, and whether they come. */
export const sourcePanels = () => [
  linesPanel({
    title: 'Rows of CRM logs, by source and outcome',
    description: 'Per second. Most rows of a log are no access, and ignored.',
    unit: 'ops',
    stacked: true,
    queries: [
      {
        expr: `sum by (source, outcome) (${rate('crmwatch_source_rows_total')})`,
        legend: '{{source}}: {{outcome}}',
      },
    ],
  }),
  linesPanel({
    title: 'Silence against the habit, by source',
    description: 'Hours without a row in which the source usually delivers. Known after a week.',
    unit: 's',
    queries: [{ expr: `max by (source) (${series('crmwatch_source_silence_seconds')})`, legend: '{{source}}' }],
  }),
  linesPanel({
    title: 'Pulls, by source and outcome',
    description: 'Fetches of the APIs of CRMs, by how they ended.',
    unit: 'none',
    bars: true,
    queries: [
      {
        expr: `sum by (source, outcome) (${increase('crmwatch_source_pulls_total')}) > 0`,
        legend: '{{source}}: {{outcome}}',
      },
    ],
  }),
  linesPanel({
    title: 'Time since the last whole pull, by source',
    description: 'A saw as high as every_minutes, when all is well.',
    unit: 's',
    queries: [{ expr: `max by (source) (${series('crmwatch_source_pull_age_seconds')})`, legend: '{{source}}' }],
  }),
]
