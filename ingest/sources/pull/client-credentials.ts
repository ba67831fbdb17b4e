import { describeFailure, type Request } from '../../../net/request.ts'
import type { Authorization } from './api-client.ts'
import { type After, createDeadline } from './deadline.ts'
import { failureOfStatus, PullFailure } from './pull-failure.ts'

export interface ClientCredentials {
  readonly tokenUrl: URL
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string | null
  readonly request: Request
  readonly timeoutMs: number
  readonly ended: AbortSignal
  readonly after: After
  readonly now: () => number
}

const ANSWER_LIMIT_BYTES = 256 * 1024
/** A token is not used in its last minute, so that it does not end on the way. */
const RESERVE_MS = 60_000
const TOKEN = /^[\x21-\x7e]{1,16384}$/

/** OAuth 2.0 client credentials (RFC 6749, 4.4): a token is fetched when there is none, and kept as long as it is good. */
export function createClientCredentials(credentials: ClientCredentials): Authorization {
  let token: Token | null = null
  return {
    async headers() {
      if (token === null || credentials.now() >= token.goodUntil) token = await fetchToken(credentials)
      return { authorization: `Bearer ${token.text}` }
    },
    renew() {
      token = null
      return true
    },
  }
}

interface Token {
  readonly text: string
  readonly goodUntil: number
}

async function fetchToken(credentials: ClientCredentials): Promise<Token> {
  const { tokenUrl, clientId, clientSecret, scope, request, timeoutMs, ended, after, now } = credentials
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const body = new URLSearchParams(scope === null ? form : { ...form, scope }).toString()
  using deadline = createDeadline(timeoutMs, ended, after)
  deadline.start()
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await request({ method: 'POST', url: tokenUrl, headers, body, signal: deadline.signal })
  if (answer.kind === 'failed') throw new PullFailure(answer.failure, `token: ${answer.detail}`)
  const chunks: Buffer[] = []
  try {
    let bytes = 0
    for await (const chunk of answer.body) {
      bytes += chunk.length
      if (bytes > ANSWER_LIMIT_BYTES) throw new PullFailure('too_large', 'the answer with the token is too large')
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof PullFailure) throw error
    const { failure, detail } = describeFailure(error, deadline.signal)
    throw new PullFailure(failure, `token: ${detail}`)
  } finally {
    answer.body.destroy()
  }
  // RFC 6749, 5.2: wrong credentials are answered with 400 as well.
  const failure = answer.status === 400 ? 'credentials_refused' : failureOfStatus(answer.status)
  if (failure !== null)
    throw new PullFailure(
      failure,
      `the request for a token was answered with status ${answer.status}`,
      answer.retryAfterMs,
    )
  return readToken(Buffer.concat(chunks).toString(), now())
}

function readToken(text: string, now: number): Token {
  let answer: unknown = null
  try {
    answer = JSON.parse(text)
  } catch {
    // Told below, as any other answer without a token.
  }
  const fields: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {}
  const { access_token, expires_in } = fields
  if (typeof access_token !== 'string' || !TOKEN.test(access_token))
    throw new PullFailure('unexpected_answer', 'the answer to the request for a token holds none')
  const seconds = Number(expires_in)
  // Some say not how long it is good, and refuse it when it is no more.
  const goodUntil =
    Number.isFinite(seconds) && seconds > 0 ? now + Math.max(seconds * 1000 - RESERVE_MS, 1000) : Infinity
  return { text: access_token, goodUntil }
}
