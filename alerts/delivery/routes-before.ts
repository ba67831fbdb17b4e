import type { Alert } from '../../model/alert.ts'
import type { Telling } from '../../store/deliveries.ts'
import type { AlertChange } from '../alert-book.ts'
import type { MinuteOfWeek } from './local-clock.ts'
import { isAbout, isOpen, type Route } from './route.ts'

/** Pure: the alerts of which `hadMatched` wants to know when they were told. */
export function alertsToLookUp(changes: readonly AlertChange[], routes: readonly Route[]): string[] {
  const timed = routes.filter(({ match }) => match.time !== undefined)
  const uids = changes.flatMap(({ before }) =>
    before !== null && timed.some((route) => isAbout(route, before)) ? [before.alert_uid] : [],
  )
  return [...new Set(uids)]
}

/**
 * Whether the route has matched the alert already. Of a route with times the alert as it was does not say that, for it
 * may have changed outside of them alone; what was told within them does.
 */
export function hadMatched(
  route: Route,
  before: Alert,
  tellings: readonly Telling[],
  minuteOfWeek: MinuteOfWeek,
): boolean {
  if (!isAbout(route, before)) return false
  if (route.match.time === undefined) return true
  const told = new Set(
    tellings.flatMap(({ channel, created_at }) => (isOpen(route, minuteOfWeek(created_at)) ? [channel] : [])),
  )
  // A channel that another route tells gets no first message of this one, but those to escalate to are noted.
  return [route.channels, route.escalateTo].some((names) => names.length > 0 && names.every((name) => told.has(name)))
}
