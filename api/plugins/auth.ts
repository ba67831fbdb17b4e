import type {} from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Analyst } from '../../model/triage.ts'
import { type Capability, may } from '../access.ts'
import type { ApiMetrics } from '../metrics.ts'
import { sendProblem } from '../problem.ts'
import type { Principal, TokenService } from '../services.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be allowed to; every route states it. */
    needs?: Capability
  }
  interface FastifyRequest {
    /** Who asks; null for the unauthenticated, who get no further than public routes. */
    principal: Principal | null
  }
}

/**
 * Authenticates every request by its bearer token and holds it against what its route needs. A route that does not
 * state its needs stops the start. Failures are limited per address; a valid token is served nevertheless, so that
 * nobody can lock the analysts out from behind a shared address, and guessing meets the limit for all requests.
 */
export function addAuth(
  app: FastifyInstance,
  tokens: TokenService,
  metrics: ApiMetrics,
  failedPerMinute: number,
): void {
  app.decorateRequest('principal', null)
  app.addHook('onRoute', (route) => {
    if (route.config?.needs === undefined) throw new Error(`The route ${route.url} does not say what it needs.`)
  })
  const countFailure = app.createRateLimit({
    max: failedPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => `failed-auth ${request.ip}`,
  })
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return
    const needs = request.routeOptions.config.needs ?? 'administer'
    const secret = bearerOf(request)
    request.principal = secret === null ? null : tokens.verify(secret)
    if (request.principal === null) {
      if (needs === 'public' && secret === null) return
      metrics.authFailures.inc({ reason: secret === null ? 'missing' : 'invalid' })
      const failures = await countFailure(request)
      if (needs === 'public') return
      if (!failures.isAllowed && failures.isExceeded) {
        reply.header('retry-after', failures.ttlInSeconds)
        return sendProblem(reply, 'too-many-requests', 'Too many failed authentications from this address.')
      }
      reply.header('www-authenticate', 'Bearer realm="crmwatch"')
      return sendProblem(reply, 'unauthorized', 'Send a valid token as Authorization: Bearer <token>.')
    }
    if (!may(request.principal, needs)) {
      metrics.authFailures.inc({ reason: 'forbidden' })
      return sendProblem(reply, 'forbidden', `The role ${request.principal.role} does not reach this far.`)
    }
  })
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('A route that needs a caller was reached without one.')
  return request.principal
}

/** Under whose name the record keeps what a caller does. */
export const analystOf = ({ token_uid, name }: Principal): Analyst => ({ token_uid, name })

function bearerOf(request: FastifyRequest): string | null {
  const match = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '')
  return match === null ? null : match[1]
}
