import type { RequestFailure } from '../../../net/request.ts'

/** Why a pull came to nothing, as a bounded set for the API, metrics and logs. */
export const PULL_FAILURES = [
  'timeout',
  'unreachable',
  'tls_failed',
  'address_refused',
  'credentials_refused',
  'forbidden',
  'rate_limited',
  'not_found',
  'server_error',
  'redirected',
  'refused',
  'too_large',
  'unexpected_answer',
  'internal_error',
] as const
export type PullFailureCode = (typeof PULL_FAILURES)[number]

/**
 * An API that did not do what was asked. The message is ours, with neither addresses nor what the API said: both may hold
 * secrets and personal data.
 */
export class PullFailure extends Error {
  override readonly name = 'PullFailure'
  readonly failure: PullFailureCode
  /** How long the API wants to be left alone; null when it does not say. */
  readonly retryAfterMs: number | null

  constructor(failure: PullFailureCode | RequestFailure, detail: string, retryAfterMs: number | null = null) {
    super(detail)
    this.failure = failure
    this.retryAfterMs = retryAfterMs
  }
}

/** What an HTTP status of an API means; null for success. */
export function failureOfStatus(status: number): PullFailureCode | null {
  if (status >= 200 && status <= 299) return null
  if (status >= 300 && status <= 399) return 'redirected'
  if (status === 401) return 'credentials_refused'
  if (status === 403) return 'forbidden'
  if (status === 404 || status === 410) return 'not_found'
  if (status === 408 || status === 425) return 'timeout'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'server_error' : 'refused'
}
