import type { IncomingHttpHeaders } from 'node:http'
import { parseJsonText } from '../../../model/json-text.ts'
import { describeFailure, type HttpAnswer, type Request } from '../../../net/request.ts'
import { type After, createDeadline, type Deadline } from './deadline.ts'
import { failureOfStatus, PullFailure } from './pull-failure.ts'

/** How requests say who asks. */
export interface Authorization {
  headers(method: string, url: URL): Promise<Readonly<Record<string, string>>>
  /** Forgets a token that was refused; false when there is no other to be had. */
  renew(): boolean
}

export interface ApiClientOptions {
  readonly request: Request
  /** Where the API is. No request leaves its host, whatever links its answers hold. */
  readonly base: URL
  readonly authorization: Authorization
  /** Longest wait for an answer, and for each further part of it. */
  readonly timeoutMs: number
  /** The service's end. */
  readonly ended: AbortSignal
  readonly after: After
}

export interface WholeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
}

export interface ApiClient {
  /** An answer of JSON, held in memory. `path` is taken from the base; an absolute address has to be of its host. */
  json(path: string): Promise<WholeAnswer & { readonly value: unknown }>
  /** As json(), of a POST without a body; statuses in `alsoGood` are answers, too. */
  post(path: string, alsoGood: readonly number[]): Promise<WholeAnswer>
  /** An answer in parts, read as far as it is asked for. */
  stream(path: string): AsyncGenerator<Buffer>
}

export const PULL_LIMITS = {
  /** One answer that is held in memory. */
  answerBytes: 64 * 1024 * 1024,
  /** One file that is read in parts. */
  fileBytes: 8 * 1024 * 1024 * 1024,
} as const

interface Exchange {
  readonly answer: HttpAnswer
  readonly deadline: Deadline
}

export function createApiClient({
  request,
  base,
  authorization,
  timeoutMs,
  ended,
  after,
}: ApiClientOptions): ApiClient {
  const open = async (method: 'GET' | 'POST', path: string, alsoGood: readonly number[]): Promise<Exchange> => {
    const url = within(base, path)
    for (let isRenewed = false; ; isRenewed = true) {
      const headers = { accept: '*/*', ...(await authorization.headers(method, url)) }
      const deadline = createDeadline(timeoutMs, ended, after)
      deadline.start()
      const answer = await request({
        method,
        url,
        headers,
        body: method === 'GET' ? null : '',
        signal: deadline.signal,
      })
      if (answer.kind === 'answered') {
        const failure = alsoGood.includes(answer.status) ? null : failureOfStatus(answer.status)
        if (failure === null) return { answer, deadline }
        answer.body.destroy()
        deadline[Symbol.dispose]()
        if (answer.status === 401 && !isRenewed && authorization.renew()) continue
        throw new PullFailure(failure, `the API answered with status ${answer.status}`, answer.retryAfterMs)
      }
      deadline[Symbol.dispose]()
      throw new PullFailure(answer.failure, answer.detail)
    }
  }

  const whole = async (exchange: Exchange): Promise<WholeAnswer> => {
    const chunks: Buffer[] = []
    for await (const chunk of partsOf(exchange, PULL_LIMITS.answerBytes)) chunks.push(chunk)
    const { status, headers } = exchange.answer
    return { status, headers, bytes: Buffer.concat(chunks) }
  }

  return {
    async json(path) {
      const answer = await whole(await open('GET', path, []))
      try {
        return { ...answer, value: parseJsonText(answer.bytes.toString()) }
      } catch {
        throw new PullFailure('unexpected_answer', 'the answer is not JSON')
      }
    },
    post: async (path, alsoGood) => whole(await open('POST', path, alsoGood)),
    async *stream(path) {
      yield* partsOf(await open('GET', path, []), PULL_LIMITS.fileBytes)
    },
  }
}

/** A path below the base, or an address that the API gave, which must not lead to another host. */
export function within(base: URL, path: string): URL {
  const url = URL.canParse(path, base.href) ? new URL(path, base) : null
  if (url === null || url.origin !== base.origin || url.username !== '' || url.password !== '') {
    throw new PullFailure('unexpected_answer', 'a link leads to another host than the configured one')
  }
  return url
}

/** The answer's parts, ended where it is too large or the other side is silent for too long. */
async function* partsOf({ answer, deadline }: Exchange, limitBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0
  try {
    if (Number(answer.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes)
    for await (const chunk of answer.body) {
      deadline.stop()
      bytes += chunk.length
      if (bytes > limitBytes) throw tooLarge(limitBytes)
      yield chunk
      deadline.start()
    }
    if (!answer.body.complete) throw new PullFailure('unreachable', 'the answer broke off')
  } catch (error) {
    if (error instanceof PullFailure) throw error
    const { failure, detail } = describeFailure(error, deadline.signal)
    throw new PullFailure(failure, detail)
  } finally {
    deadline[Symbol.dispose]()
    answer.body.destroy()
  }
}

const tooLarge = (limitBytes: number) => new PullFailure('too_large', `the answer has more than ${limitBytes} bytes`)
