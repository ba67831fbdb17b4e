import type { Alert, Severity } from './alert.ts'
import type { TriageAction } from './triage.ts'

export const CHANNEL_TYPES = ['slack', 'telegram', 'webhook', 'email', 'kafka'] as const
export type ChannelType = (typeof CHANNEL_TYPES)[number]

/** How a channel is told of people: by name and id, by id alone, or by a pseudonym that only the key leads back from. */
export const PERSON_MODES = ['name', 'uid', 'pseudonym'] as const
export type PersonMode = (typeof PERSON_MODES)[number]

/**
 * Why something is told. `opened`, `updated`: of the alert as it then stood. `repeated`, `escalated`: nobody has looked
 * at it since; of the alert as it stands at the time. `triaged`: an analyst worked on it. `undelivered`: another channel
 * could not be reached.
 */
export const DELIVERY_REASONS = ['opened', 'updated', 'repeated', 'escalated', 'triaged', 'undelivered'] as const
export type DeliveryReason = (typeof DELIVERY_REASONS)[number]

/** `cancelled`: there was nothing left to say, for somebody had looked at the alert. */
export const DELIVERY_STATUSES = ['waiting', 'sent', 'given_up', 'cancelled'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** What went wrong at an attempt, as a bounded set for metrics, logs and the API. */
export const DELIVERY_FAILURES = [
  'timeout',
  'unreachable',
  'tls_failed',
  'address_refused',
  'rate_limited',
  'server_error',
  'credentials_refused',
  'not_found',
  'redirected',
  'refused',
  'channel_unknown',
  'internal_error',
] as const
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number]

/** An alert to be told of, and how it stood when it was last told of; null when this is the first time. */
export interface AlertNews {
  readonly alert: Alert
  readonly before: { readonly severity: Severity; readonly leaver: boolean } | null
  /** What analysts did with it, oldest first, where that is told. */
  readonly triage?: readonly TriageNews[]
}

/** What an analyst did at once. What a note says stays here: that there is one may be told. */
export interface TriageNews {
  readonly by: string
  readonly actions: readonly (Exclude<TriageAction, { readonly action: 'note' }> | { readonly action: 'note' })[]
}

/** What could not be told to a channel. It names no person, so that any channel may carry it. */
export interface Undelivered {
  readonly channel: string
  readonly failure: DeliveryFailure
  readonly answer_status: number | null
  readonly reason: DeliveryReason
  readonly alert_uid: string | null
  readonly severity: Severity | null
  /** Since when it was to be told, epoch ms. */
  readonly since: number
}
