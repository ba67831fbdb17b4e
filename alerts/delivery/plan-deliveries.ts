import { createHash } from 'node:crypto'
import { type Alert, SEVERITIES, type Severity } from '../../model/alert.ts'
import type { AlertNews, DeliveryReason } from '../../model/delivery.ts'
import { EPISODE_GAP_MS } from '../../model/episode.ts'
import { toJsonText } from '../../model/json-text.ts'
import type { TimeSpan } from '../../model/time-span.ts'
import type { TriageAction } from '../../model/triage.ts'
import type { NewDelivery, Telling } from '../../store/deliveries.ts'
import type { AlertChange } from '../alert-book.ts'
import { endOfSpans, type MinuteOfWeek } from './local-clock.ts'
import { matches, type Route } from './route.ts'
import { hadMatched } from './routes-before.ts'

/** When a channel may be told. */
export interface ChannelPolicy {
  readonly quietHours: readonly TimeSpan[]
  /** Severities that quiet hours do not hold back. */
  readonly quietExcept: readonly Severity[]
  /** How long alerts of one tenant are gathered into one message; 0: each goes on its own, at once. */
  readonly groupWaitMs: number
}

export interface PlanOptions {
  readonly routes: readonly Route[]
  readonly channels: ReadonlyMap<string, ChannelPolicy>
  readonly minuteOfWeek: MinuteOfWeek
}

/** What happened longer ago than this, by event time, is read from a log's past: nobody wants to be called for it. */
export const TOLD_UP_TO_MS = EPISODE_GAP_MS

/**
 * Pure: what is to be told to whom because of a batch's changes. `now` is the wall clock, epoch ms; `tellings` are those
 * so far of the alerts that `alertsToLookUp` names.
 */
export function planDeliveries(
  changes: readonly AlertChange[],
  options: PlanOptions,
  now: number,
  tellings: readonly Telling[],
): NewDelivery[] {
  if (options.routes.length === 0 || changes.length === 0) return []
  const minute = options.minuteOfWeek(now)
  return collapse(changes)
    .filter(({ alert }) => alert.updated_at >= now - TOLD_UP_TO_MS)
    .flatMap((news) => {
      const { alert, before } = news
      const known = before !== null && before.updated_at >= now - TOLD_UP_TO_MS ? before : null
      const matching = options.routes.filter((route) => matches(route, alert, minute))
      const told = tellings.filter(({ alert_uid }) => alert_uid === alert.alert_uid)
      const matchedBefore = new Set(
        known === null ? [] : options.routes.filter((route) => hadMatched(route, known, told, options.minuteOfWeek)),
      )
      return [
        ...planChannels(matching, matchedBefore, { alert, before: known }, options, now),
        ...planEscalations(
          matching.filter((route) => !matchedBefore.has(route)),
          alert,
          options,
          now,
        ),
      ]
    })
}

/** Pure: who is told of what an analyst did with an alert. `alert` is as the analyst left it. */
export function planTriage(
  alert: Alert,
  { by, actions }: { readonly by: string; readonly actions: readonly TriageAction[] },
  options: PlanOptions,
  now: number,
): NewDelivery[] {
  const minute = options.minuteOfWeek(now)
  const names = options.routes.flatMap((route) => (route.triage && matches(route, alert, minute) ? route.channels : []))
  if (names.length === 0) return []
  const told = actions.map((action) => (action.action === 'note' ? { action: action.action } : action))
  const body = toJsonText({ alert, before: null, triage: [{ by, actions: told }] } satisfies AlertNews)
  return [...new Set(names)].map((channel) => planNews(channel, { alert, reason: 'triaged', body }, options, now))
}

interface Collapsed {
  readonly alert: Alert
  readonly before: Alert | null
}

/** Of several changes of an alert in one batch, how it was before the first and is after the last. */
function collapse(changes: readonly AlertChange[]): Collapsed[] {
  const byAlert = new Map<string, Collapsed>()
  for (const { alert, before } of changes) {
    const earlier = byAlert.get(alert.alert_uid)
    byAlert.set(alert.alert_uid, { alert, before: earlier === undefined ? before : earlier.before })
  }
  return [...byAlert.values()]
}

function planChannels(
  matching: readonly Route[],
  matchedBefore: ReadonlySet<Route>,
  { alert, before }: Collapsed,
  options: PlanOptions,
  now: number,
): NewDelivery[] {
  const names = new Set(matching.flatMap(({ channels }) => channels))
  return [...names].flatMap((channel) => {
    const naming = matching.filter(({ channels }) => channels.includes(channel))
    const toldBefore = [...matchedBefore].some(({ channels }) => channels.includes(channel))
    if (toldBefore && !isWorthTelling(naming, alert, before)) return []
    const reason: DeliveryReason = toldBefore ? 'updated' : 'opened'
    const previous = toldBefore && before !== null ? { severity: before.severity, leaver: before.leaver } : null
    const body = toJsonText({ alert, before: previous } satisfies AlertNews)
    const first = planNews(channel, { alert, reason, body }, options, now)
    const pauses = naming.flatMap(({ repeatAfterMs }) => (repeatAfterMs === null ? [] : [repeatAfterMs]))
    if (toldBefore || pauses.length === 0) return [first]
    return [first, planRepeat({ channel, alert, repeatAfterMs: Math.min(...pauses), repeats: 0 }, options, now)]
  })
}

/** Something new of an alert, in the channel's order of what is told of it. */
function planNews(
  channel: string,
  { alert, reason, body }: { readonly alert: Alert; readonly reason: DeliveryReason; readonly body: string },
  options: PlanOptions,
  now: number,
): NewDelivery {
  const policy = options.channels.get(channel) ?? PLAIN
  const grouped = policy.groupWaitMs > 0
  const at = grouped && alert.severity !== 'critical' ? now + policy.groupWaitMs : now
  return createDelivery({
    channel,
    lane: grouped ? `group:${alert.org_uid}` : alert.alert_uid,
    reason,
    alert,
    created_at: now,
    due_at: dueAt(policy, alert.severity, at, options),
    joins: grouped,
    body,
  })
}

const PLAIN: ChannelPolicy = { quietHours: [], quietExcept: [], groupWaitMs: 0 }

function isWorthTelling(naming: readonly Route[], alert: Alert, before: Alert | null): boolean {
  if (naming.some(({ updates }) => updates === 'all')) return true
  const worse =
    before === null ||
    SEVERITIES.indexOf(alert.severity) > SEVERITIES.indexOf(before.severity) ||
    (alert.leaver && !before.leaver)
  return worse && naming.some(({ updates }) => updates === 'worse')
}

/** The next time that an alert is told, should nobody have looked at it by then. */
export function planRepeat(
  { channel, alert, repeatAfterMs, repeats }: { channel: string; alert: Alert; repeatAfterMs: number; repeats: number },
  options: Pick<PlanOptions, 'channels' | 'minuteOfWeek'>,
  now: number,
): NewDelivery {
  const policy = options.channels.get(channel) ?? PLAIN
  return {
    ...createDelivery({
      channel,
      lane: `repeat:${alert.alert_uid}`,
      reason: 'repeated',
      alert,
      created_at: now,
      due_at: dueAt(policy, alert.severity, now + repeatAfterMs, options),
      joins: false,
      body: null,
    }),
    repeat_after_ms: repeatAfterMs,
    repeats: repeats + 1,
  }
}

function planEscalations(routes: readonly Route[], alert: Alert, options: PlanOptions, now: number): NewDelivery[] {
  const soonest = new Map<string, number>()
  for (const { escalateAfterMs, escalateTo } of routes) {
    if (escalateAfterMs === null) continue
    for (const channel of escalateTo) {
      soonest.set(channel, Math.min(soonest.get(channel) ?? Number.POSITIVE_INFINITY, now + escalateAfterMs))
    }
  }
  return [...soonest].map(([channel, at]) =>
    createDelivery({
      channel,
      lane: `escalate:${alert.alert_uid}`,
      reason: 'escalated',
      alert,
      created_at: now,
      due_at: dueAt(options.channels.get(channel) ?? PLAIN, alert.severity, at, options),
      joins: false,
      body: null,
    }),
  )
}

const dueAt = (
  policy: ChannelPolicy,
  severity: Severity,
  at: number,
  { minuteOfWeek }: Pick<PlanOptions, 'minuteOfWeek'>,
) => (policy.quietExcept.includes(severity) ? at : endOfSpans(policy.quietHours, at, minuteOfWeek))

interface Planned extends Pick<NewDelivery, 'channel' | 'lane' | 'reason' | 'created_at' | 'due_at' | 'body'> {
  readonly alert: Alert
  readonly joins: boolean
}

function createDelivery({ alert, joins, ...row }: Planned): NewDelivery {
  const { alert_uid, org_uid, severity, version } = alert
  // Two changes may be written within a millisecond.
  const state = [alert_uid, version].join('\u0000')
  const uid = deliveryUid(row.channel, row.reason, state, row.created_at)
  return {
    ...row,
    delivery_uid: uid,
    message_uid: joins ? null : uid,
    org_uid,
    alert_uid,
    severity,
    repeat_after_ms: null,
    repeats: 0,
  }
}

/** A channel is told of an alert once per reason and instant at most. Standard Webhooks allows no full stop in an id. */
export function deliveryUid(channel: string, reason: DeliveryReason, about: string, createdAt: number): string {
  const key = [channel, reason, about, createdAt].join('\u0000')
  return `d_${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`
}
