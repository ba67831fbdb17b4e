import http, { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { errorCode } from '../model/error-code.ts'
import { type HostAddress, type LookUp, resolveHost } from './resolve-host.ts'
import { createAddressGuard } from './special-networks.ts'
import { untilEnded } from './until-ended.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Null for a request without one. */
  readonly body: string | null
  /** Ends the request, with whatever it waits for; the answer's body, too. */
  readonly signal: AbortSignal
}

/** Why a request came to nothing. */
export type RequestFailure = 'unreachable' | 'address_refused' | 'timeout' | 'tls_failed'

export interface FailedRequest {
  readonly kind: 'failed'
  readonly failure: RequestFailure
  readonly detail: string
}

export interface HttpAnswer {
  readonly kind: 'answered'
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly retryAfterMs: number | null
  /** To be read to its end or destroyed. An error of it is told by `describeFailure`. */
  readonly body: IncomingMessage
}

/** Asks and gives the answer when its head is there; it never rejects. A redirect is an answer: it is not followed. */
export type Request = (request: HttpRequest) => Promise<HttpAnswer | FailedRequest>

export interface RequesterOptions {
  readonly lookUp: LookUp
  /** Private networks that may be reached all the same, and by plain HTTP too. */
  readonly allowedNetworks: readonly string[]
  /** The setting that `allowedNetworks` come from, for the one who reads that an address is refused. */
  readonly allowedBy: string
  readonly userAgent: string
  readonly now: () => number
}

const HEADER_LIMIT_BYTES = 16 * 1024

/**
 * The one way out by HTTP. Names are looked up once, and every address is checked before it is connected to: the public
 * internet by TLS alone, private networks only where they are allowed.
 */
export function createRequester(options: RequesterOptions): Request {
  const isAllowed = createAddressGuard(options.allowedNetworks)
  const isPublic = createAddressGuard([])

  return async ({ method, url, headers, body, signal }) => {
    const host = await Promise.race([resolveHost(url.hostname, options.lookUp, isAllowed), untilEnded(signal)])
    if (host === null) return TIMED_OUT
    if (host.kind === 'unknown') return failedWith('unreachable', 'the name cannot be looked up')
    if (host.kind === 'refused')
      return failedWith('address_refused', `its address is private and not in ${options.allowedBy}`)
    if (url.protocol !== 'https:' && host.addresses.some(({ address }) => isPublic(address))) {
      return failedWith('address_refused', 'plain HTTP over the internet; use https')
    }
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const requestOptions: RequestOptions = {
      method,
      headers: { 'user-agent': options.userAgent, ...headers, ...length },
      lookup: answerWith(host.addresses),
      agent: false,
      maxHeaderSize: HEADER_LIMIT_BYTES,
      signal,
    }
    return exchange(url, requestOptions, body, options.now)
  }
}

function exchange(
  url: URL,
  options: RequestOptions,
  body: string | null,
  now: () => number,
): Promise<HttpAnswer | FailedRequest> {
  return new Promise((resolve) => {
    const { request } = url.protocol === 'https:' ? https : http
    const outgoing = request(url, options, (answer) =>
      resolve({
        kind: 'answered',
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        retryAfterMs: parseRetryAfter(answer.headers['retry-after'], now()),
        body: answer,
      }),
    )
    outgoing.on('error', (error) => resolve(describeFailure(error, options.signal)))
    outgoing.end(body ?? undefined)
  })
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

const failedWith = (failure: RequestFailure, detail: string): FailedRequest => ({ kind: 'failed', failure, detail })
const TIMED_OUT = failedWith('timeout', 'no answer in time')

const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/

/** The error's code alone: its text may hold the address, which may be a secret. */
export function describeFailure(error: unknown, signal: AbortSignal | undefined): FailedRequest {
  if (signal?.aborted) return TIMED_OUT
  const code = errorCode(error) ?? 'unknown error'
  if (code === 'ETIMEDOUT') return TIMED_OUT
  return failedWith(TLS.test(code) ? 'tls_failed' : 'unreachable', code)
}
