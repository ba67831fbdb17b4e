import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { closed } from '../schemas.ts'

const NO_QUERY = Type.Object({}, closed)

/**
 * Has routes of the API that take no query refuse one. Passed over, a tenant named in it would be another one than the
 * caller means. Probes and scrapers may put into theirs what they like.
 */
export function refuseUnknownQueries(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/') || route.schema?.querystring !== undefined) return
    route.schema = { ...route.schema, querystring: NO_QUERY }
  })
}
