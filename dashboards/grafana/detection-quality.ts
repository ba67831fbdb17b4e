import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { createFrame } from './frame.ts'
import { linesPanel, numberPanel, rowOf } from './panels.ts'
import { increase, series } from './series.ts'

const DETECTOR = 'detector=~"$detector"'
const DAY_S = 86_400

/** For whoever tunes detection: whether it says as much as it was asked to, and how well it knows the people. */
export const createDetectionQuality = (): DashboardBuilder =>
  createFrame({
    uid: 'crmwatch-detection-quality',
    title: 'crmwatch: detection quality',
    description: 'Whether detection says as much as it was asked to, and how well it knows the people it judges.',
    variables: [{ label: 'detector', metric: 'crmwatch_findings_total', title: 'Detector' }],
    from: 'now-30d',
  })
    .withPanel(
      numberPanel({
        title: 'Budget used',
        description:
          'Alerts of seven days per alert allowed. The budget is about false alerts; real ones come on top. In a company of 100 one alert is already double.',
        unit: 'percentunit',
        expr: `sum(${series('crmwatch_alerts_past_week', 'leaver="false"')}) / sum(${series('crmwatch:alerts_allowed:week', 'leaver="false"')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Budget used, leavers',
        description: 'The same for people in notice or gone, who have a budget of their own.',
        unit: 'percentunit',
        expr: `sum(${series('crmwatch_alerts_past_week', 'leaver="true"')}) / sum(${series('crmwatch:alerts_allowed:week', 'leaver="true"')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'People judged',
        description: 'Who did something within four weeks.',
        unit: 'none',
        expr: `sum(${series('crmwatch_people')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Known by their own past',
        description: 'Share of people with at least five worked days of their own; all others are held to their role.',
        unit: 'percentunit',
        expr: `1 - sum(${series('crmwatch_baselines', 'learned="under_5_days"')}) / sum(${series('crmwatch_baselines')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Age of the baselines',
        description: 'Since the newest day they can learn from. Two days, and over a weekend four, are usual.',
        unit: 's',
        expr: `max(${series('crmwatch_baseline_age_seconds')})`,
        limits: { warning: 5 * DAY_S, critical: 7 * DAY_S },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Roles judged by what is assumed',
        description: 'None once the first week of a tenant is known: its history says then, too, what is rare.',
        unit: 'none',
        expr: `sum(${series('crmwatch_roles', 'calibration="prior"')})`,
      }),
    )
    .withRow(rowOf('Alerts against the budget'))
    .withPanel(
      linesPanel({
        title: 'Alerts of seven days and budget, everybody but leavers',
        description: 'Over many weeks the first line should keep below the second, but for real cases.',
        unit: 'none',
        queries: [
          { expr: `sum(${series('crmwatch_alerts_past_week', 'leaver="false"')})`, legend: 'opened' },
          { expr: `sum(${series('crmwatch:alerts_allowed:week', 'leaver="false"')})`, legend: 'budget' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Alerts of seven days and budget, leavers',
        description: 'Look-backs after a notice open alerts under the notice’s time.',
        unit: 'none',
        queries: [
          { expr: `sum(${series('crmwatch_alerts_past_week', 'leaver="true"')})`, legend: 'opened' },
          { expr: `sum(${series('crmwatch:alerts_allowed:week', 'leaver="true"')})`, legend: 'budget' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Findings, by detector',
        description:
          'Several findings make one alert. One detector far above the others is worth a look at its floors.',
        unit: 'none',
        bars: true,
        queries: [
          { expr: `sum by (detector) (${increase('crmwatch_findings_total', DETECTOR)})`, legend: '{{detector}}' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Alerts opened, by leading detector and severity',
        description: 'Severity at the opening; later findings may raise it.',
        unit: 'none',
        bars: true,
        queries: [
          {
            expr: `sum by (detector, severity) (${increase('crmwatch_alerts_opened_total', DETECTOR)})`,
            legend: '{{detector}}, {{severity}}',
          },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Held back by suppressions',
        description:
          'Findings, and events left out of the counts. Many of them over weeks may mean that a suppression is wider than its reason.',
        unit: 'none',
        bars: true,
        queries: [
          { expr: `sum(${increase('crmwatch_findings_suppressed_total')})`, legend: 'findings' },
          { expr: `sum(${increase('crmwatch_events_left_out_total')})`, legend: 'events' },
        ],
      }),
    )
    .withRow(rowOf('What alerts turned out to be'))
    .withPanel(
      linesPanel({
        title: 'Precision, by leading detector',
        description:
          'Of the alerts with a verdict the share that was theft or a breach of policy; tests are left out. Nothing is shown of a detector whose alerts nobody has judged.',
        unit: 'percentunit',
        queries: [{ expr: series('crmwatch_detector_precision_ratio', DETECTOR), legend: '{{detector}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Alerts, by verdict',
        description: 'All that have one.',
        unit: 'none',
        stacked: true,
        queries: [
          { expr: `sum by (verdict) (${series('crmwatch_alerts_with_verdict', DETECTOR)})`, legend: '{{verdict}}' },
        ],
      }),
    )
    .withRow(rowOf('Calibration and baselines'))
    .withPanel(
      linesPanel({
        title: 'Risk from which an alert opens',
        description:
          'Least and greatest over the roles. It follows from the budget; a step means that a role’s days have changed.',
        unit: 'none',
        queries: [
          {
            expr: `min(${series('crmwatch_risk_cut', 'leaver="false"', 'bound="least"')})`,
            legend: 'least',
          },
          {
            expr: `max(${series('crmwatch_risk_cut', 'leaver="false"', 'bound="greatest"')})`,
            legend: 'greatest',
          },
          {
            expr: `min(${series('crmwatch_risk_cut', 'leaver="true"', 'bound="least"')})`,
            legend: 'leavers, least',
          },
          {
            expr: `max(${series('crmwatch_risk_cut', 'leaver="true"', 'bound="greatest"')})`,
            legend: 'leavers, greatest',
          },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Roles, by calibration',
        description:
          'prior: what is assumed; tenant: the history of all roles; own: mostly the role’s, from 1,000 of its person-days on.',
        unit: 'none',
        stacked: true,
        queries: [{ expr: `sum by (calibration) (${series('crmwatch_roles')})`, legend: '{{calibration}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'People, by how much of their past is known',
        description: 'Worked days in their own baselines, faded by age.',
        unit: 'none',
        stacked: true,
        queries: [{ expr: `sum by (learned) (${series('crmwatch_baselines')})`, legend: '{{learned}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Age of the baselines',
        description: 'Since the newest day they can learn from, in whole days.',
        unit: 's',
        queries: [{ expr: series('crmwatch_baseline_age_seconds'), legend: '{{instance}}' }],
      }),
    )
