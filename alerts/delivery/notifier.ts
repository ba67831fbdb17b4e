import type { AlertNews, DeliveryFailure, DeliveryReason, Undelivered } from '../../model/delivery.ts'

/** One alert of a message, and why it is told. */
export interface AlertItem extends AlertNews {
  readonly reason: Exclude<DeliveryReason, 'undelivered'>
}

/** What goes to a channel at once. `uid` is the same at every attempt: receivers know a duplicate by it. */
export type Message =
  | { readonly kind: 'alerts'; readonly uid: string; readonly at: number; readonly items: readonly AlertItem[] }
  | { readonly kind: 'undelivered'; readonly uid: string; readonly at: number; readonly note: Undelivered }
  | { readonly kind: 'test'; readonly uid: string; readonly at: number; readonly channel: string }

/** What became of one attempt. */
export type Attempt =
  | { readonly outcome: 'delivered'; readonly status: number | null; readonly answer: string }
  | FailedAttempt

export interface FailedAttempt {
  readonly outcome: 'failed'
  readonly worthRetry: boolean
  readonly failure: DeliveryFailure
  /** The status with which the other side answered, where it did. */
  readonly status: number | null
  /** What the other side said, or what kept it from being asked: short, without secrets. Shown by notify-test alone. */
  readonly answer: string
  /** How long the other side asks to be left alone. */
  readonly retryAfterMs: number | null
}

/** A way to reach people or machines. */
export interface Notifier {
  /** One attempt to hand the message over; it never rejects. Ending `signal` ends it, with a failure worth a retry. */
  notify(message: Message, signal: AbortSignal): Promise<Attempt>
  [Symbol.asyncDispose]?(): Promise<void>
}

export const failed = (
  failure: DeliveryFailure,
  worthRetry: boolean,
  answer: string,
  status: number | null = null,
  retryAfterMs: number | null = null,
): FailedAttempt => ({ outcome: 'failed', failure, worthRetry, answer, status, retryAfterMs })
