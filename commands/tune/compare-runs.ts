import { round } from '../../detectors/contributions.ts'
import type { AlertBudget } from '../../detectors/risk/calibration.ts'
import type { Alert } from '../../model/alert.ts'
import { EPISODE_GAP_MS } from '../../model/episode.ts'
import { type BudgetRun, NO_ROLE, type TunedAlert } from './fold-budgets.ts'

export interface Period {
  /** Epoch ms of event time; alerts that opened at or after `from`. */
  readonly from: number
  readonly to: number
}

export interface ListedAlert {
  readonly alert_uid: string
  readonly org_uid: string
  readonly actor_uid: string
  readonly role: string
  readonly detector: string
  readonly score: number
  readonly severity: Alert['severity']
  readonly leaver: boolean
  /** RFC 3339, event time. */
  readonly opened_at: string
}

export interface TunedRole {
  readonly role: string
  readonly people: number
  readonly alerts: number
  /** Null for a period of less than a week. */
  readonly alerts_per_week: number | null
}

export interface TunedBudget {
  readonly budget: AlertBudget
  readonly alerts: number
  /** Null for a period of less than a week: a minute's alerts would be millions a week. */
  readonly alerts_per_week: number | null
  /** Null also where nobody works. */
  readonly per_1000_people_per_week: number | null
  readonly about_leavers: number
  /** Findings that suppressions held back. */
  readonly findings_held_back: number
  readonly by_role: readonly TunedRole[]
  /** Alerts of today's settings that would not have opened, and others that would have. */
  readonly lost: readonly ListedAlert[]
  readonly gained: readonly ListedAlert[]
}

const WEEK_MS = 7 * 86_400_000

/** What a run comes to within the period, next to the run under today's settings. */
export function compareRun(
  run: BudgetRun,
  today: BudgetRun,
  period: Period,
  people: ReadonlyMap<string, number>,
): TunedBudget {
  const weeks = (period.to - period.from) / WEEK_MS
  const perWeek = (alerts: number) => (weeks < 1 ? null : alerts / weeks)
  const here = within(run.alerts, period)
  const everybody = [...people.values()].reduce((sum, n) => sum + n, 0)
  const rate = perWeek(here.length)
  return {
    budget: run.budget,
    alerts: here.length,
    alerts_per_week: rounded(rate),
    per_1000_people_per_week: rate === null || everybody === 0 ? null : round((rate / everybody) * 1_000),
    about_leavers: here.filter(({ opened }) => opened.leaver).length,
    findings_held_back: run.held.filter((time) => time >= period.from).length,
    by_role: [...new Set([...people.keys(), ...here.map(roleOf)])].sort().map((role) => {
      const alerts = here.filter((alert) => roleOf(alert) === role).length
      return { role, people: people.get(role) ?? 0, alerts, alerts_per_week: rounded(perWeek(alerts)) }
    }),
    lost: within(today.alerts, period)
      .filter((alert) => !hasEpisodeOf(run.alerts, alert))
      .map(listed),
    gained: here.filter((alert) => !hasEpisodeOf(today.alerts, alert)).map(listed),
  }
}

const rounded = (rate: number | null): number | null => (rate === null ? null : round(rate))

const within = (alerts: readonly TunedAlert[], { from }: Period): TunedAlert[] =>
  alerts.filter(({ opened }) => opened.opened_at >= from)

/** The same person's alert about the same days: under another cut it opens sooner or later, and by another finding. */
function hasEpisodeOf(alerts: readonly TunedAlert[], { final }: TunedAlert): boolean {
  const [from, to] = spanOf(final)
  return alerts.some((other) => {
    if (other.final.actor_uid !== final.actor_uid || other.final.org_uid !== final.org_uid) return false
    const [otherFrom, otherTo] = spanOf(other.final)
    return otherFrom <= to + EPISODE_GAP_MS && otherTo >= from - EPISODE_GAP_MS
  })
}

const spanOf = ({ findings }: Alert): [number, number] => {
  const times = findings.map(({ time }) => time)
  return [Math.min(...times), Math.max(...times)]
}

const roleOf = ({ opened }: TunedAlert): string => opened.staff?.role ?? NO_ROLE

const listed = (alert: TunedAlert): ListedAlert => {
  const { alert_uid, org_uid, actor_uid, detector, score, severity, leaver, opened_at } = alert.opened
  const at = new Date(opened_at).toISOString()
  return { alert_uid, org_uid, actor_uid, role: roleOf(alert), detector, score, severity, leaver, opened_at: at }
}
