import type { Alert, Severity } from '../../model/alert.ts'
import { isWithin, type TimeSpan } from '../../model/time-span.ts'

/** What an alert must be like; of what is not given, anything will do. */
export interface RouteMatch {
  readonly severity?: readonly Severity[]
  /** Alerts in which any of these detectors has a finding. */
  readonly detector?: readonly string[]
  readonly team?: readonly string[]
  readonly org?: readonly string[]
  readonly leaver?: boolean
  /** When it is told of, by the local clock. */
  readonly time?: readonly TimeSpan[]
}

/** Which changes of an alert are told besides the first: those for the worse (a higher severity, a leaver), all, none. */
export type RouteUpdates = 'worse' | 'all' | 'none'

/** Who is told of which alerts. Every route that matches holds; a channel in several of them is told once. */
export interface Route {
  readonly match: RouteMatch
  readonly channels: readonly string[]
  readonly updates: RouteUpdates
  /** Whether it is told what analysts do with the alerts. */
  readonly triage: boolean
  /** Tell it again as long as nobody has looked. */
  readonly repeatAfterMs: number | null
  /** Tell others when nobody has looked by then. */
  readonly escalateAfterMs: number | null
  readonly escalateTo: readonly string[]
}

type Matchable = Pick<Alert, 'severity' | 'detectors' | 'org_uid' | 'leaver' | 'staff'>

export const matches = (route: Route, alert: Matchable, minuteOfWeek: number): boolean =>
  isAbout(route, alert) && isOpen(route, minuteOfWeek)

/** Whether the route is for such an alert, whatever the time. */
export function isAbout({ match }: Route, alert: Matchable): boolean {
  const among = <T>(allowed: readonly T[] | undefined, value: T) => allowed === undefined || allowed.includes(value)
  return (
    among(match.severity, alert.severity) &&
    among(match.org, alert.org_uid) &&
    among<string | null>(match.team, alert.staff?.team ?? null) &&
    (match.leaver === undefined || match.leaver === alert.leaver) &&
    (match.detector === undefined || alert.detectors.some((detector) => match.detector?.includes(detector)))
  )
}

/** Whether the route tells anything at that minute of the week. */
export const isOpen = ({ match }: Route, minuteOfWeek: number): boolean =>
  match.time === undefined || isWithin(match.time, minuteOfWeek)
