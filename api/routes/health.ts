import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { may } from '../access.ts'
import { HealthAnswer } from '../schemas.ts'
import type { HealthReport } from '../services.ts'

/** Asked by whoever restarts the service or sends it work: they are answered however busy others at their address are. */
export const PROBES: readonly string[] = ['/healthz', '/readyz']

/** /healthz (restart me when it fails), /readyz (send me work when it holds), /metrics. */
export async function healthRoutes(plain: FastifyInstance, health: () => HealthReport, registry: Registry) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  const response = { 200: HealthAnswer, 503: HealthAnswer }

  scope.get(
    '/healthz',
    { config: { needs: 'public' }, schema: { summary: 'Whether the process lives', tags: ['health'], response } },
    async (request, reply) => {
      const report = health()
      return reply.code(report.alive ? 200 : 503).send(answerOf(report.alive, report, request))
    },
  )
  scope.get(
    '/readyz',
    { config: { needs: 'public' }, schema: { summary: 'Whether it is fit to work', tags: ['health'], response } },
    async (request, reply) => {
      const report = health()
      return reply.code(report.ready ? 200 : 503).send(answerOf(report.ready, report, request))
    },
  )
  scope.get(
    '/metrics',
    {
      config: { needs: 'scrape' },
      schema: { summary: 'Metrics for Prometheus', tags: ['health'], produces: ['text/plain'] },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  )
}

/** The checks speak of all tenants together and of our insides, so only a token without a tenant is shown them. */
function answerOf(ok: boolean, report: HealthReport, request: FastifyRequest): HealthAnswer {
  const status = ok ? 'ok' : 'not ok'
  const { principal } = request
  const insider = principal !== null && principal.org_uid === null && may(principal, 'read')
  return insider ? { status, checks: { ...report.checks } } : { status }
}
