import { wholeScore } from '../../model/score.ts'
import type { ListedAlert, TunedBudget } from './compare-runs.ts'

export interface TuneReport {
  /** RFC 3339, event time. */
  readonly from: string
  readonly to: string
  readonly events: number
  readonly people: number
  /** Of the stored alerts of the period, and how many of them today's settings open again. */
  readonly stored: { readonly alerts: number; readonly opened_again: number }
  readonly today: TunedBudget
  /** In words, what is other than today besides the budgets; empty for nothing. */
  readonly changes: readonly string[]
  readonly others: readonly TunedBudget[]
}

const LISTED = 20
const NO_ALERTS = { alerts: 0, alerts_per_week: null }

/** The report for people: a table of the budgets, one by role, and which alerts come and go. */
export function formatTune(report: TuneReport): string {
  const { today, others, changes, stored } = report
  const number = (value: number) => value.toLocaleString('en-US')
  const rows = [today, ...others]
  const name = (row: TunedBudget) => (row === today ? 'as configured' : changes.length > 0 ? 'changed' : '')
  const overview = table([
    ['', 'budget', 'leavers', 'alerts', 'a week', 'per 1,000 people a week', 'about leavers', 'fewer', 'more'],
    ...rows.map((row) => [
      name(row),
      number(row.budget.ordinary),
      number(row.budget.leaver),
      number(row.alerts),
      row.alerts_per_week?.toFixed(1) ?? '-',
      row.per_1000_people_per_week?.toFixed(1) ?? '-',
      number(row.about_leavers),
      row === today ? '' : number(row.lost.length),
      row === today ? '' : number(row.gained.length),
    ]),
  ])
  const isWeekly = today.alerts_per_week !== null
  const byRole = (row: TunedBudget, role: string) => {
    const { alerts, alerts_per_week } = row.by_role.find((one) => one.role === role) ?? NO_ALERTS
    return isWeekly ? (alerts_per_week ?? 0).toFixed(2) : number(alerts)
  }
  const roles = table([
    [
      'role',
      'people',
      ...rows.map((row) => (row === today ? 'as configured' : `budget ${number(row.budget.ordinary)}`)),
    ],
    ...today.by_role.map(({ role, people }) => [role, number(people), ...rows.map((row) => byRole(row, role))]),
  ])
  return [
    `${report.from.slice(0, 10)} to ${report.to.slice(0, 10)}: ${number(report.people)} people, ${number(report.events)} events folded.`,
    ...(isWeekly ? [] : ['Less than seven days: too little to tell alerts a week by.']),
    `The store holds ${number(stored.alerts)} alerts of that time; ${number(stored.opened_again)} of them open under today's settings too.`,
    ...(today.findings_held_back === 0
      ? []
      : [`Suppressions hold back ${number(today.findings_held_back)} findings of that time, under any settings.`]),
    ...(changes.length === 0 ? [] : [`Changed: ${changes.join('; ')}.`]),
    '',
    overview,
    '',
    isWeekly ? 'Alerts a week by role:' : 'Alerts by role:',
    roles,
    ...others.flatMap((row) => [
      ...list(`Budget ${number(row.budget.ordinary)}: would not have opened`, row.lost),
      ...list(`Budget ${number(row.budget.ordinary)}: would have opened`, row.gained),
    ]),
    '',
  ].join('\n')
}

function list(title: string, alerts: readonly ListedAlert[]): string[] {
  if (alerts.length === 0) return []
  const rows = alerts
    .slice(0, LISTED)
    .map((alert) => [
      `  ${alert.opened_at.slice(0, 16).replace('T', ' ')}`,
      alert.actor_uid,
      alert.role,
      alert.detector,
      String(wholeScore(alert.score)),
      alert.severity,
      alert.leaver ? 'leaving' : '',
    ])
  const more = alerts.length - LISTED
  return ['', `${title}:`, table(rows), ...(more > 0 ? [`  and ${more} more; --json has them all`] : [])]
}

/** Columns of equal width; numbers stand at the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const isNumber = (column: number) => rows.slice(1).every((row) => /^[\d.,-]*$/.test(row[column])) && rows.length > 1
  return rows
    .map((row) =>
      row
        .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
