import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { DeliveryFailure } from '../../../model/delivery.ts'
import { type HostAddress, type LookUp, resolveHost } from './resolve-host.ts'
import { createAddressGuard } from './special-networks.ts'
import { untilEnded } from './until-ended.ts'

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
  | { readonly kind: 'failed'; readonly failure: DeliveryFailure; readonly detail: string }

/** Posts and reads the answer; it never rejects. A redirect is an answer like any other: it is not followed. */
export type Post = (request: PostRequest) => Promise<PostResult>

export interface PostOptions {
  readonly lookUp: LookUp
  /** Private networks that may be reached all the same, and by plain HTTP too. */
  readonly allowedNetworks: readonly string[]
  readonly userAgent: string
  readonly now: () => number
}

export const ANSWER_LIMIT_BYTES = 64 * 1024
const HEADER_LIMIT_BYTES = 16 * 1024

export function createPost(options: PostOptions): Post {
  const isAllowed = createAddressGuard(options.allowedNetworks)
  const isPublic = createAddressGuard([])

  return async ({ url, headers, body, signal }) => {
    const host = await Promise.race([resolveHost(url.hostname, options.lookUp, isAllowed), untilEnded(signal)])
    if (host === null) return TIMED_OUT
    if (host.kind === 'unknown') return failedWith('unreachable', 'the name cannot be looked up')
    if (host.kind === 'refused')
      return failedWith('address_refused', 'its address is private and not in delivery.allow_networks')
    if (url.protocol !== 'https:' && host.addresses.some(({ address }) => isPublic(address))) {
      return failedWith('address_refused', 'plain HTTP over the internet; use https')
    }
    const requestOptions: RequestOptions = {
      method: 'POST',
      headers: { 'user-agent': options.userAgent, ...headers, 'content-length': String(Buffer.byteLength(body)) },
      lookup: answerWith(host.addresses),
      agent: false,
      maxHeaderSize: HEADER_LIMIT_BYTES,
      signal,
    }
    return exchange(url, requestOptions, body, options.now)
  }
}

function exchange(url: URL, options: RequestOptions, body: string, now: () => number): Promise<PostResult> {
  return new Promise((resolve) => {
    const { request } = url.protocol === 'https:' ? https : http
    const outgoing = request(url, options, (answer) => {
      readBounded(answer).then(
        (text) =>
          resolve({
            kind: 'answered',
            status: answer.statusCode ?? 0,
            retryAfterMs: parseRetryAfter(answer.headers['retry-after'], now()),
            body: text,
          }),
        (error: unknown) => resolve(describe(error, options.signal)),
      )
    })
    outgoing.on('error', (error) => resolve(describe(error, options.signal)))
    outgoing.end(body)
  })
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

/** Node asks this instead of a name server, so that the connection goes to an address that was checked. */
const answerWith =
  (addresses: readonly HostAddress[]): LookupFunction =>
  (_hostname, { all }, callback) => {
    if (all) callback(null, [...addresses])
    else callback(null, addresses[0].address, addresses[0].family)
  }

const LONGEST_RETRY_AFTER_MS = 6 * 3_600_000

/** RFC 9110: seconds, or a date. At most six hours; null for anything else. */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  const ms = /^\d{1,9}$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - now
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : null
}

const failedWith = (failure: DeliveryFailure, detail: string): PostResult => ({ kind: 'failed', failure, detail })
const TIMED_OUT = failedWith('timeout', 'no answer in time')

const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/

/** The error's code alone: its text may hold the address, which may be a secret. */
function describe(error: unknown, signal: AbortSignal | undefined): PostResult {
  if (signal?.aborted) return TIMED_OUT
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  if (code === 'ETIMEDOUT') return TIMED_OUT
  return failedWith(TLS.test(code) ? 'tls_failed' : 'unreachable', code)
}
