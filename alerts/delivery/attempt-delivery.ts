import type { DeliveryFailure, DeliveryStatus, Undelivered } from '../../model/delivery.ts'
import { toJsonText } from '../../model/json-text.ts'
import { getAlert } from '../../store/alerts.ts'
import type { Database } from '../../store/database.ts'
import {
  type DeliveryUpdate,
  deliveriesOf,
  hasRecentDelivery,
  joinableDeliveries,
  joinDeliveries,
  type NewDelivery,
  settleDeliveries,
  type WaitingDelivery,
} from '../../store/deliveries.ts'
import { composeMessage } from './compose-message.ts'
import { endOfSpans, type MinuteOfWeek } from './local-clock.ts'
import { type Attempt, failed, type Message, type Notifier } from './notifier.ts'
import { type ChannelPolicy, deliveryUid, planRepeat } from './plan-deliveries.ts'
import { cancelRows, type RetryRules, settleAttempt, undeliveredNote } from './settle-attempt.ts'

export interface DispatchChannel {
  readonly notifier: Notifier
  readonly policy: ChannelPolicy
  /** Who is told when this channel could not be told of an alert of the tenant. */
  readonly reportTo: (org: string | null) => readonly ReportTarget[]
}

export interface ReportTarget {
  readonly channel: string
  /** Whether it may know of the tenant's alerts: otherwise it hears that a channel cannot be reached, and no more. */
  readonly knowsTenant: boolean
}

export interface AttemptOptions extends RetryRules {
  readonly db: Database
  /** Runs the task while nothing else is written. */
  readonly write: <T>(task: () => Promise<T>) => Promise<T>
  readonly channels: ReadonlyMap<string, DispatchChannel>
  readonly minuteOfWeek: MinuteOfWeek
  readonly now: () => number
  readonly hooks: DeliveryHooks
}

/** What happened, for metrics and the log: nothing in it names a person or is a secret. */
export interface DeliveryHooks {
  /** A message could not be made or handed over because of a defect. */
  broken(error: unknown): void
  failed(failure: {
    channel: string
    failure: DeliveryFailure
    status: number | null
    attempts: number
    givenUp: boolean
  }): void
  finished(outcome: {
    channel: string
    status: 'sent' | 'given_up' | 'cancelled'
    deliveries: number
    seconds: number
  }): void
}

/** Alerts in one message at most; what waits besides goes into the next. */
export const GROUP_LIMIT = 20
/** How often an alert that nobody looks at is repeated to a channel. */
export const REPEAT_LIMIT = 100
/** A channel that cannot be reached is reported this often at most. */
const REPORT_EVERY_MS = 3_600_000

/** Why an attempt's signal ends when it is not for its time being over. */
export const SERVICE_ENDS = 'the service ends'

/** Pause that the whole channel is to be left alone after this attempt; 0 for none. */
export type AttemptDelivery = (head: WaitingDelivery, signal: AbortSignal) => Promise<{ readonly pauseMs: number }>

/** Takes a row that is ready through one attempt: join, compose, send, record. */
export function createAttemptDelivery(options: AttemptOptions): AttemptDelivery {
  const { db, write, channels, now } = options

  async function settle(updates: readonly DeliveryUpdate[], following: readonly NewDelivery[] = []): Promise<void> {
    await write(() => settleDeliveries(db.writer, updates, following))
  }

  return async (head, signal) => {
    const rows = await rowsOf(head, options)
    const isReminder = head.reason === 'repeated' || head.reason === 'escalated'
    const alert = isReminder && head.alert_uid !== null ? await getAlert(db, head.alert_uid) : null
    const message = composeMessage(rows, alert)
    if (message === null) {
      await settle(cancelRows(rows, now()))
      finish(rows, 'cancelled', options)
      return { pauseMs: 0 }
    }
    const attempt = await tryChannel(channels.get(head.channel), message, signal, options.hooks)
    // An attempt that was broken off because the service ends is none: the message goes out after the next start.
    if (attempt.outcome === 'failed' && signal.reason === SERVICE_ENDS) return { pauseMs: 0 }
    const updates = settleAttempt(rows, attempt, options, now())
    const [{ status }] = updates
    const following =
      status === 'waiting'
        ? []
        : [...(await repeatAfter(head, options)), ...(await reports(rows, status, attempt, options))]
    await settle(updates, following)
    if (attempt.outcome === 'failed') {
      const { failure, status: answer } = attempt
      const { attempts } = updates[0]
      options.hooks.failed({ channel: head.channel, failure, status: answer, attempts, givenUp: status === 'given_up' })
    }
    if (status === 'sent' || status === 'given_up') finish(rows, status, options)
    return { pauseMs: attempt.outcome === 'failed' ? (attempt.retryAfterMs ?? 0) : 0 }
  }
}

async function tryChannel(
  channel: DispatchChannel | undefined,
  message: Message,
  signal: AbortSignal,
  hooks: DeliveryHooks,
): Promise<Attempt> {
  // It may be back at the next start.
  if (channel === undefined) return failed('channel_unknown', true, '')
  try {
    return await channel.notifier.notify(message, signal)
  } catch (error) {
    // A defect of ours in one message must not keep the others from the channel.
    hooks.broken(error)
    return failed('internal_error', true, '')
  }
}

/** The row with those that go out with it. Which these are is durable before the first attempt. */
async function rowsOf(head: WaitingDelivery, { db, write }: AttemptOptions): Promise<readonly WaitingDelivery[]> {
  if (head.message_uid !== null) return deliveriesOf(db, head.message_uid)
  const rows = await joinableDeliveries(db, head.channel, head.lane, GROUP_LIMIT)
  const messageUid = head.delivery_uid
  await write(() =>
    joinDeliveries(
      db.writer,
      rows.map(({ delivery_uid }) => delivery_uid),
      messageUid,
    ),
  )
  return rows.map((row) => ({ ...row, message_uid: messageUid }))
}

async function repeatAfter(head: WaitingDelivery, options: AttemptOptions): Promise<NewDelivery[]> {
  const { channel, alert_uid, repeat_after_ms, repeats } = head
  if (repeat_after_ms === null || alert_uid === null || repeats >= REPEAT_LIMIT) return []
  const alert = await getAlert(options.db, alert_uid)
  const policies = new Map([...options.channels].map(([name, { policy }]) => [name, policy]))
  const plan = { channels: policies, minuteOfWeek: options.minuteOfWeek }
  return alert === null
    ? []
    : [planRepeat({ channel, alert, repeatAfterMs: repeat_after_ms, repeats }, plan, options.now())]
}

/** Tells the channels that are to know of it; a report that is itself given up is not reported. */
async function reports(
  rows: readonly WaitingDelivery[],
  status: DeliveryStatus,
  attempt: Attempt,
  { db, channels, minuteOfWeek, now }: AttemptOptions,
): Promise<NewDelivery[]> {
  const [{ channel, reason, org_uid }] = rows
  if (status !== 'given_up' || reason === 'undelivered' || attempt.outcome !== 'failed') return []
  const lane = `undelivered:${channel}`
  const created_at = now()
  const whole = undeliveredNote(rows, attempt.failure, attempt.status)
  const planned: NewDelivery[] = []
  for (const { channel: target, knowsTenant } of channels.get(channel)?.reportTo(org_uid) ?? []) {
    if (await hasRecentDelivery(db, target, lane, created_at - REPORT_EVERY_MS)) continue
    const note: Undelivered = knowsTenant ? whole : { ...whole, alert_uid: null, severity: null }
    const uid = deliveryUid(target, 'undelivered', channel, created_at)
    planned.push({
      delivery_uid: uid,
      message_uid: uid,
      channel: target,
      lane,
      reason: 'undelivered',
      org_uid: null,
      alert_uid: note.alert_uid,
      severity: note.severity,
      created_at,
      due_at: endOfSpans(channels.get(target)?.policy.quietHours ?? [], created_at, minuteOfWeek),
      repeat_after_ms: null,
      repeats: 0,
      body: toJsonText(note),
    })
  }
  return planned
}

function finish(
  rows: readonly WaitingDelivery[],
  status: 'sent' | 'given_up' | 'cancelled',
  { now, hooks }: AttemptOptions,
) {
  const [{ channel, ready_at }] = rows
  hooks.finished({ channel, status, deliveries: rows.length, seconds: Math.max(0, now() - ready_at) / 1_000 })
}
