import type { FastifyBaseLogger } from 'fastify'
import type { Language } from '../model/language.ts'

export interface ApiOptions {
  /** crmwatch's own version, for the OpenAPI document. */
  readonly version: string
  /** The clock, epoch ms. */
  readonly now: () => number
  /** Tenant of what a caller who is bound to none names no tenant for. */
  readonly defaultOrg: string
  /** In which alerts are explained to whoever asks for no language. */
  readonly language: Language
  /** Differs from one start of the process to the next; part of the stream's event ids, so letters and digits only. */
  readonly instanceId: string
  /** Null keeps the API quiet. */
  readonly logger: FastifyBaseLogger | null
  /** Whose X-Forwarded-For is believed: false for nobody, or addresses and networks separated by commas. */
  readonly trustProxy: string | false
  readonly limits: ApiLimits
}

/** What one client, and all of them together, can make the process hold. */
export interface ApiLimits {
  /** Body of POST /v1/events and /v1/staff, after inflation. */
  readonly ingestBodyBytes: number
  /** Body of every other route. */
  readonly bodyBytes: number
  /** Events or staff rows in one request. */
  readonly rowsPerRequest: number
  /** Ingest requests whose bodies are held at once. */
  readonly ingestInFlight: number
  /** Those of one token among them. */
  readonly ingestInFlightPerToken: number
  /** Time in which nothing more of such a body comes, after which it is given up. */
  readonly bodyStallMs: number
  /** Time for a whole request to arrive. */
  readonly requestTimeoutMs: number
  /** Time for an answer; beyond it the client gets 503, while work that was taken in goes on. Not for the stream. */
  readonly answerTimeoutMs: number
  /** Requests of one address a minute. */
  readonly requestsPerMinute: number
  /** Failed authentications of one address a minute, before they are no longer looked at. */
  readonly failedAuthPerMinute: number
  readonly streamClients: number
  /** Those of one token among them. */
  readonly streamClientsPerToken: number
  /** Events that wait for one slow stream client before it is dropped. */
  readonly streamQueue: number
  /** Events kept for clients that come back with Last-Event-ID. */
  readonly streamHistory: number
  readonly streamHeartbeatMs: number
}

export const DEFAULT_API_LIMITS: ApiLimits = {
  ingestBodyBytes: 16 * 1024 * 1024,
  bodyBytes: 64 * 1024,
  rowsPerRequest: 100_000,
  ingestInFlight: 8,
  ingestInFlightPerToken: 4,
  bodyStallMs: 10_000,
  requestTimeoutMs: 60_000,
  answerTimeoutMs: 60_000,
  requestsPerMinute: 6_000,
  failedAuthPerMinute: 30,
  streamClients: 64,
  streamClientsPerToken: 16,
  streamQueue: 256,
  streamHistory: 256,
  streamHeartbeatMs: 15_000,
}
