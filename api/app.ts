import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { fastifySSE } from '@fastify/sse'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { type FastifyInstance, type FastifyRequest, fastify, LogController } from 'fastify'
import { catalogueOf } from '../messages/catalogues.ts'
import { wellFormedJson } from '../model/json-text.ts'
import { createAlertFeed } from './alert-feed.ts'
import { createApiMetrics } from './metrics.ts'
import type { ApiOptions } from './options.ts'
import { addAuth } from './plugins/auth.ts'
import { createIngestSlots } from './plugins/ingest-slots.ts'
import { addOpenApi } from './plugins/openapi.ts'
import { addProblems, answerError } from './plugins/problems.ts'
import { refuseUnknownQueries } from './plugins/refuse-unknown-queries.ts'
import { refuseWhileClosing } from './plugins/refuse-while-closing.ts'
import { addRequestLog } from './plugins/request-log.ts'
import { rawProblem } from './problem.ts'
import { actorEventRoutes } from './routes/actor-events.ts'
import { actorRoutes } from './routes/actors.ts'
import { alertRoutes } from './routes/alerts.ts'
import { calibrationRoutes } from './routes/calibration.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes, PROBES } from './routes/health.ts'
import { riskRoutes } from './routes/risks.ts'
import { sourceEventRoutes } from './routes/source-events.ts'
import { sourceUserRoutes } from './routes/source-users.ts'
import { sourceRoutes } from './routes/sources.ts'
import { staffRoutes } from './routes/staff.ts'
import { staffFeedRoutes } from './routes/staff-feed.ts'
import { streamRoutes } from './routes/stream.ts'
import { suppressionRoutes } from './routes/suppressions.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { triageRoutes } from './routes/triage.ts'
import type { ApiServices } from './services.ts'

/** The HTTP API over its services; it does not listen yet. Closing it ends the streams. */
export async function buildApp(services: ApiServices, options: ApiOptions): Promise<FastifyInstance> {
  const { limits } = options
  const app = fastify({
    ...(options.logger === null ? { logger: false } : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy,
    bodyLimit: limits.bodyBytes,
    return503OnClosing: false,
    requestTimeout: limits.requestTimeoutMs,
    // A path may hold an actor uid, percent-encoded.
    routerOptions: { maxParamLength: 4_096 },
    frameworkErrors: answerError,
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
      else socket.end(rawProblem(CLIENT_ERRORS[error.code] ?? 'invalid-request'))
    },
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  const parseBody = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    parseBody(request, wellFormedJson(String(body)), done),
  )
  const metrics = createApiMetrics(services.registry)
  const feed = createAlertFeed(services.stream, {
    instanceId: options.instanceId,
    words: catalogueOf(options.language),
    maxClients: limits.streamClients,
    maxClientsPerToken: limits.streamClientsPerToken,
    maxQueued: limits.streamQueue,
    history: limits.streamHistory,
    onChange: (clients) => metrics.streamClients.set(clients),
    onDropped: () => metrics.streamDropped.inc(),
  })
  refuseWhileClosing(app)
  app.addHook('preClose', async () => feed.close())

  app.addHook('onRoute', (route) => {
    if (route.url !== '/v1/stream') route.handlerTimeout ??= limits.answerTimeoutMs
  })
  refuseUnknownQueries(app)
  addProblems(app)
  addRequestLog(app, metrics)
  await app.register(helmet, {
    // The service itself speaks plain HTTP; whoever puts TLS before it sets these two there.
    strictTransportSecurity: false,
    contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
  })
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  await app.register(rateLimit, {
    global: false,
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    allowList: ({ routeOptions }: FastifyRequest) => PROBES.includes(routeOptions.url ?? ''),
    errorResponseBuilder: () => Object.assign(new Error('rate limit'), { statusCode: 429, code: 'FST_ERR_RATE_LIMIT' }),
  })
  app.addHook('onRequest', app.rateLimit())
  await app.register(fastifySSE, { heartbeatInterval: limits.streamHeartbeatMs })
  await addOpenApi(app, options.version)
  addAuth(app, services.tokens, metrics, limits.failedAuthPerMinute)

  const slots = createIngestSlots(limits)
  app.register((scope) => healthRoutes(scope, services.health, services.registry))
  app.register((scope) => eventRoutes(scope, services.ingest, limits, slots))
  app.register((scope) => sourceRoutes(scope, services.sources, options))
  app.register((scope) => sourceEventRoutes(scope, services.sources, limits, slots))
  app.register((scope) => sourceUserRoutes(scope, services.sources, limits, slots))
  app.register((scope) => staffRoutes(scope, services.staff, options))
  app.register((scope) => staffFeedRoutes(scope, services.staff, options, slots))
  app.register((scope) => alertRoutes(scope, services.alerts, options.language))
  app.register((scope) => deliveryRoutes(scope, services.deliveries))
  app.register((scope) => triageRoutes(scope, services.alerts, services.triage, options.language))
  app.register((scope) => suppressionRoutes(scope, services.suppressions, options))
  app.register((scope) => actorRoutes(scope, services.actors, options))
  app.register((scope) => actorEventRoutes(scope, services.actors, options))
  app.register((scope) => riskRoutes(scope, services.risks, options))
  app.register((scope) => calibrationRoutes(scope, services.calibration))
  app.register((scope) => streamRoutes(scope, feed, limits))
  app.register((scope) => tokenRoutes(scope, services.tokens, feed))
  await app.ready()
  return app
}

const CLIENT_ERRORS: Readonly<Record<string, 'headers-too-large' | 'request-timeout'>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}
