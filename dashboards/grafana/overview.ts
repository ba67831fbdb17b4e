import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { createFrame } from './frame.ts'
import { linesPanel, numberPanel, rowOf } from './panels.ts'
import { increase, series } from './series.ts'

const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S

/** For analysts: what waits for them, whom it is about, and whether everything that should be watched is. */
export const createOverview = (): DashboardBuilder =>
  createFrame({
    uid: 'crmwatch-overview',
    title: 'crmwatch: overview',
    description: 'What waits for the analysts, and whether everything that should be watched is. It shows no person.',
    from: 'now-7d',
  })
    .withPanel(
      numberPanel({
        title: 'Unreviewed',
        description: 'Alerts that nobody has taken up: status new, without an assignee and a verdict.',
        unit: 'none',
        expr: `sum(${series('crmwatch_alerts_unreviewed')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Unreviewed, critical',
        description: 'Each of these should be opened within the hour.',
        unit: 'none',
        expr: `sum(${series('crmwatch_alerts_unreviewed', 'severity="critical"')})`,
        limits: { critical: 1 },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Unreviewed, about leavers',
        description: 'About people in notice or gone: the likeliest to be a theft.',
        unit: 'none',
        expr: `sum(${series('crmwatch_alerts_unreviewed', 'leaver="true"')})`,
        limits: { warning: 1 },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Oldest unreviewed',
        description: 'How long the oldest alert that nobody has taken up has waited, by the clock.',
        unit: 's',
        expr: `max(${series('crmwatch_alerts_oldest_unreviewed_seconds')})`,
        limits: { warning: 8 * HOUR_S, critical: DAY_S },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Open',
        description: 'Alerts neither resolved nor closed.',
        unit: 'none',
        expr: `sum(${series('crmwatch_alerts_open')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Opened in seven days',
        description: 'By the time of the events, so that a history taken in at once does not count.',
        unit: 'none',
        expr: `sum(${series('crmwatch_alerts_past_week')})`,
      }),
    )
    .withRow(rowOf('Alerts'))
    .withPanel(
      linesPanel({
        title: 'Unreviewed, by severity',
        description: 'A pile that grows over days means that more is found than is looked at.',
        unit: 'none',
        stacked: true,
        queries: [{ expr: `sum by (severity) (${series('crmwatch_alerts_unreviewed')})`, legend: '{{severity}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Age of the oldest unreviewed, by severity',
        description: 'By the clock, from the moment the alert was opened; 0 when there is none.',
        unit: 's',
        queries: [
          {
            expr: `max by (severity) (${series('crmwatch_alerts_oldest_unreviewed_seconds')})`,
            legend: '{{severity}}',
          },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Alerts opened, by severity',
        description: 'As they came, by severity at the opening.',
        unit: 'none',
        bars: true,
        queries: [{ expr: `sum by (severity) (${increase('crmwatch_alerts_opened_total')})`, legend: '{{severity}}' }],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Alerts opened, by leading detector',
        description: 'What the alerts are about; each detector has a page in docs/detectors.',
        unit: 'none',
        bars: true,
        queries: [{ expr: `sum by (detector) (${increase('crmwatch_alerts_opened_total')})`, legend: '{{detector}}' }],
      }),
    )
    .withRow(rowOf('Leavers and budget'))
    .withPanel(
      linesPanel({
        title: 'Leavers who are at work',
        description:
          'People in notice who used the CRM within four weeks, and people who did so though they have left.',
        unit: 'none',
        span: 8,
        queries: [
          { expr: `sum(${series('crmwatch_people', 'leaver_state="notice"')})`, legend: 'in notice' },
          { expr: `sum(${series('crmwatch_people', 'leaver_state="left"')})`, legend: 'have left' },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Open alerts about leavers, by severity',
        description: 'Neither resolved nor closed.',
        unit: 'none',
        span: 8,
        stacked: true,
        queries: [
          {
            expr: `sum by (severity) (${series('crmwatch_alerts_open', 'leaver="true"')})`,
            legend: '{{severity}}',
          },
        ],
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Alerts of seven days against the budget',
        description:
          'The budget is about false alerts and holds on average, so real ones come on top, and a small company is above it in one week and far below in others.',
        unit: 'none',
        span: 8,
        queries: [
          { expr: `sum(${series('crmwatch_alerts_past_week')})`, legend: 'opened' },
          { expr: `sum(${series('crmwatch:alerts_allowed:week')})`, legend: 'budget' },
        ],
      }),
    )
    .withRow(rowOf('Is everything watched?'))
    .withPanel(
      numberPanel({
        title: 'Ready',
        description: 'Instances that say they are: fed by every source and able to write.',
        unit: 'none',
        expr: `sum(${series('crmwatch_ready')})`,
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Rules that fire',
        description: 'Of dashboards/prometheus; each has a runbook in docs/runbooks.',
        unit: 'none',
        expr: 'count(ALERTS{alertname=~"Crmwatch.+",alertstate="firing"}) or vector(0)',
        limits: { warning: 1 },
      }),
    )
    .withPanel(
      numberPanel({
        title: 'Staff feed',
        description: 'Time since HR last said anything. Without it nobody is known to leave.',
        unit: 's',
        expr: `max(${series('crmwatch_staff_feed_age_seconds')})`,
        limits: { warning: DAY_S, critical: 2 * DAY_S },
      }),
    )
    .withPanel(
      linesPanel({
        title: 'Age of the newest event, by source',
        description: 'By event time. Nights and weekends rise and fall; a source that only rises is silent.',
        unit: 's',
        queries: [{ expr: `max by (source) (${series('crmwatch_source_event_age_seconds')})`, legend: '{{source}}' }],
      }),
    )
