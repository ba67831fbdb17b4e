import type { DeliveryFailure, DeliveryStatus, Undelivered } from '../../model/delivery.ts'
import type { DeliveryUpdate, WaitingDelivery } from '../../store/deliveries.ts'
import type { Attempt } from './notifier.ts'

export interface RetryRules {
  /** How long after it was due a message is tried. */
  readonly giveUpAfterMs: number
  /** The wait before attempt `attempt` + 1, with its jitter. */
  readonly backoffMs: (attempt: number) => number
}

/** Pure: what becomes of a message's rows after an attempt. */
export function settleAttempt(
  rows: readonly WaitingDelivery[],
  attempt: Attempt,
  { giveUpAfterMs, backoffMs }: RetryRules,
  now: number,
): DeliveryUpdate[] {
  const attempts = rows[0].attempts + 1
  const made = { attempts, last_attempt_at: now }
  if (attempt.outcome === 'delivered') {
    return rows.map((row) => ({ ...made, ...done(row, 'sent', now), failure: null, answer_status: attempt.status }))
  }
  const { failure, status, worthRetry, retryAfterMs } = attempt
  const lastAt = Math.max(...rows.map(({ due_at }) => due_at)) + giveUpAfterMs
  const givenUp = !worthRetry || now >= lastAt
  const waitMs = Math.max(backoffMs(attempts), retryAfterMs ?? 0)
  // A last attempt is made when the time is over, however long the other side asks to be left alone.
  const next = Math.min(now + waitMs, lastAt)
  return rows.map((row) => ({
    ...made,
    ...(givenUp
      ? done(row, 'given_up', now)
      : { delivery_uid: row.delivery_uid, status: 'waiting' as const, next_attempt_at: next, finished_at: null }),
    failure,
    answer_status: status,
  }))
}

/** Rows that end without an attempt, for there is nothing left to say. */
export const cancelRows = (rows: readonly WaitingDelivery[], now: number): DeliveryUpdate[] =>
  rows.map((row) => ({
    ...done(row, 'cancelled', now),
    attempts: row.attempts,
    last_attempt_at: null,
    failure: null,
    answer_status: null,
  }))

const done = (row: WaitingDelivery, status: DeliveryStatus, now: number) => ({
  delivery_uid: row.delivery_uid,
  status,
  next_attempt_at: 0,
  finished_at: now,
})

/** What another channel is told of rows that were given up. */
export function undeliveredNote(
  rows: readonly WaitingDelivery[],
  failure: DeliveryFailure,
  status: number | null,
): Undelivered {
  const [{ channel, reason, alert_uid, severity, due_at }] = rows
  return { channel, failure, answer_status: status, reason, alert_uid, severity, since: due_at }
}
