import type {} from '@fastify/sse'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { tenantOf } from '../access.ts'
import type { AlertFeed } from '../alert-feed.ts'
import type { ApiLimits } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import { refuseOrg, sendProblem } from '../problem.ts'
import { closed, UidText } from '../schemas.ts'

const RETRY_MS = 3_000

/** GET /v1/stream: server-sent events alert.opened and alert.updated, each with the alert as the lists show it. */
export async function streamRoutes(plain: FastifyInstance, feed: AlertFeed, limits: ApiLimits) {
  const { streamClients, streamClientsPerToken } = limits
  plain.withTypeProvider<TypeBoxTypeProvider>().get(
    '/v1/stream',
    {
      sse: { kind: 'manual', serializer: (data: string) => data },
      exposeHeadRoute: false,
      config: { needs: 'read' },
      schema: {
        summary: 'Alerts as they open and change, as server-sent events',
        description:
          'Events alert.opened and alert.updated carry an alert. With Last-Event-ID the missed ones come first; stream.gap says that some are no longer there, so that lists must be read anew.',
        tags: ['alerts'],
        produces: ['text/event-stream'],
        querystring: Type.Object({ org: Type.Optional(UidText) }, closed),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const org = tenantOf(caller, request.query.org, undefined)
      if (org === null) return refuseOrg(reply)
      const client = feed.connect({
        token_uid: caller.token_uid,
        org: org ?? null,
        lastEventId: reply.sse.lastEventId,
        cut: () => reply.raw.destroy(),
      })
      if (client === null) {
        reply.header('retry-after', 30)
        return sendProblem(
          reply,
          'unavailable',
          `There are as many stream clients as there may be: ${streamClientsPerToken} of one token, ${streamClients} of all.`,
        )
      }
      reply.sse.onClose(() => client.close())
      // The first write sends the headers, so that the client knows at once that it is connected.
      await reply.sse.send({ data: undefined, retry: RETRY_MS })
      await reply.sse.send(client.messages())
    },
  )
}
