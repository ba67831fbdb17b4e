import type { ReportTarget } from '../../alerts/delivery/attempt-delivery.ts'
import { createLocalClock } from '../../alerts/delivery/local-clock.ts'
import type { ChannelPolicy, PlanOptions } from '../../alerts/delivery/plan-deliveries.ts'
import type { Route } from '../../alerts/delivery/route.ts'
import type { ChannelSetting, Config, RouteSetting } from '../../config.ts'
import { parseDuration } from '../../model/duration.ts'
import { parseTimeSpan, type TimeSpan } from '../../model/time-span.ts'

/** Routes and channels as the planner wants them. */
export function deliveryPlan(config: Config): PlanOptions {
  return {
    routes: config.routes.map(toRoute),
    channels: new Map(Object.entries(config.channels).map(([name, channel]) => [name, policyOf(channel)])),
    minuteOfWeek: createLocalClock(config.timezone),
  }
}

export function policyOf(channel: ChannelSetting): ChannelPolicy {
  if (channel.type === 'webhook' || channel.type === 'kafka') return { quietHours: [], quietExcept: [], groupWaitMs: 0 }
  return {
    quietHours: timeSpans(channel.quiet_hours ?? []),
    quietExcept: channel.quiet_except ?? [],
    groupWaitMs: durationMs(channel.group_wait) ?? 0,
  }
}

function toRoute({ match, channels, updates, triage, repeat_after, escalate_after, escalate_to }: RouteSetting): Route {
  const { time, ...rest } = match ?? {}
  return {
    match: time === undefined ? rest : { ...rest, time: timeSpans(time) },
    channels,
    updates: updates ?? 'worse',
    triage: triage ?? false,
    repeatAfterMs: durationMs(repeat_after),
    escalateAfterMs: durationMs(escalate_after),
    escalateTo: escalate_to ?? [],
  }
}

const durationMs = (text: string | undefined): number | null => (text === undefined ? null : parseDuration(text))

/** The configuration was checked: each of them can be read. */
const timeSpans = (texts: readonly string[]): TimeSpan[] =>
  texts.map(parseTimeSpan).filter((span): span is TimeSpan => span !== null)

/**
 * Who is told when a channel could not be told of an alert of tenant `org`: as configured, or the first other channel that
 * a route names for that tenant, for other tenants' channels are not to hear of it.
 */
export function reportTargets(
  { channels, routes, delivery }: Pick<Config, 'channels' | 'routes' | 'delivery'>,
  channel: string,
): (org: string | null) => ReportTarget[] {
  const naming = (name: string) =>
    routes.filter((route) => route.channels.includes(name) || route.escalate_to?.includes(name))
  const isOf = (org: string | null) => (route: RouteSetting) =>
    route.match?.org === undefined || (org !== null && route.match.org.includes(org))
  const others = (names: readonly string[]) => names.filter((name) => name !== channel)
  const asked = others(delivery.report_failures_to)
  if (asked.length > 0) {
    // One that no route names is the operator's own.
    const knowsTenant = (name: string, org: string | null) => naming(name).length === 0 || naming(name).some(isOf(org))
    return (org) => asked.map((name) => ({ channel: name, knowsTenant: knowsTenant(name, org) }))
  }
  return (org) => {
    const first = others(Object.keys(channels)).find((name) => naming(name).some(isOf(org)))
    return first === undefined ? [] : [{ channel: first, knowsTenant: true }]
  }
}
