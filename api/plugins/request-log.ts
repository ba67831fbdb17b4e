import type { FastifyInstance } from 'fastify'
import type { ApiMetrics } from '../metrics.ts'

/** Under which the service asks itself: that is nobody's request, and neither logged nor measured. */
export const OWN_TOKEN_UID = 'crmwatch'

/** Logs and measures each request by its route pattern: the address itself may name a person. */
export function addRequestLog(app: FastifyInstance, metrics: ApiMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.principal?.token_uid === OWN_TOKEN_UID) return
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown')
    const ms = Math.round(reply.elapsedTime * 10) / 10
    const status = reply.statusCode
    // A stream's length says nothing of how fast it was answered.
    if (route !== '/v1/stream') metrics.requestSeconds.observe({ method: request.method, route, status }, ms / 1000)
    request.log.info({ method: request.method, route, status, ms, token_uid: request.principal?.token_uid }, 'request')
  })
}
