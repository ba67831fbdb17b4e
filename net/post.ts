import type { IncomingMessage } from 'node:http'
import { createRequester, describeFailure, type FailedRequest, type RequesterOptions } from './request.ts'

export interface PostRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Ends the attempt, with whatever it waits for. */
  readonly signal: AbortSignal
}

export type PostResult =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly retryAfterMs: number | null
      /** At most 64 KiB of it. */
      readonly body: string
    }
  | FailedRequest

/** Posts and reads the answer; it never rejects. A redirect is an answer like any other: it is not followed. */
export type Post = (request: PostRequest) => Promise<PostResult>

export const ANSWER_LIMIT_BYTES = 64 * 1024

export function createPost(options: RequesterOptions): Post {
  const request = createRequester(options)
  return async (given) => {
    const answer = await request({ method: 'POST', ...given })
    if (answer.kind === 'failed') return answer
    try {
      const { status, retryAfterMs } = answer
      return { kind: 'answered', status, retryAfterMs, body: await readBounded(answer.body) }
    } catch (error) {
      return describeFailure(error, given.signal)
    }
  }
}

/** As much of the answer as the limit allows; the rest is not waited for. */
async function readBounded(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= ANSWER_LIMIT_BYTES) break
  }
  answer.destroy()
  return Buffer.concat(chunks).subarray(0, ANSWER_LIMIT_BYTES).toString('utf8')
}
