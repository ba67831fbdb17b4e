import type { DeliveryFailure } from '../../../model/delivery.ts'
import type { PostResult } from '../../../net/post.ts'
import { type Attempt, failed } from '../notifier.ts'
import { oneLine } from '../plain-text.ts'

/**
 * What an HTTP status means for a message. Worth a retry is what passes by itself, and what the operator mends within a
 * day: the address and the credentials (401, 403, 404, 407). What is wrong with the message itself stays wrong. A
 * redirect is not followed: whoever may answer for the address must not choose where alerts go.
 */
export function judgeStatus(
  status: number,
): 'delivered' | { readonly failure: DeliveryFailure; readonly worthRetry: boolean } {
  if (status >= 200 && status <= 299) return 'delivered'
  if (status >= 300 && status <= 399) return { failure: 'redirected', worthRetry: false }
  if (status === 429) return { failure: 'rate_limited', worthRetry: true }
  if (status === 408 || status === 425) return { failure: 'timeout', worthRetry: true }
  if (status === 401 || status === 403 || status === 407) return { failure: 'credentials_refused', worthRetry: true }
  if (status === 404) return { failure: 'not_found', worthRetry: true }
  if (status >= 500 && status <= 599) return { failure: 'server_error', worthRetry: true }
  return { failure: 'refused', worthRetry: false }
}

const SHOWN_CHARACTERS = 200

export function judgeAnswer(result: PostResult, clean: (text: string) => string): Attempt {
  if (result.kind === 'failed') return failed(result.failure, true, clean(result.detail))
  const answer = clean(oneLine(result.body)).slice(0, SHOWN_CHARACTERS)
  const verdict = judgeStatus(result.status)
  if (verdict === 'delivered') return { outcome: 'delivered', status: result.status, answer }
  return failed(verdict.failure, verdict.worthRetry, answer, result.status, result.retryAfterMs)
}
