import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ACTIONS, type Action } from '../../model/event.ts'
import { tenantOf } from '../access.ts'
import type { ApiOptions } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import { presentEvent } from '../present.ts'
import { problemResponse, refuseField, refuseOrg, sendProblem } from '../problem.ts'
import { closed, DEFAULT_PAGE_SIZE, EventView, Paging, pageSchema, repeatable, UidText } from '../schemas.ts'
import type { ActorService } from '../services.ts'
import { parseTime, TIME_RULE, TimeInput } from '../times.ts'

/** GET /v1/actors/{actor_uid}/events: what somebody did, which says whose data they had. */
export async function actorEventRoutes(
  plain: FastifyInstance,
  actors: Pick<ActorService, 'events'>,
  { defaultOrg }: Pick<ApiOptions, 'defaultOrg'>,
) {
  plain.withTypeProvider<TypeBoxTypeProvider>().get(
    '/v1/actors/:actor_uid/events',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What the actor did, oldest first',
        description: 'All that is stored, also what was left out of the counts. action may be repeated.',
        tags: ['actors'],
        params: Type.Object({ actor_uid: UidText }),
        querystring: Type.Object(
          {
            from: Type.Optional({ ...TimeInput, description: 'time from here on: RFC 3339 or epoch milliseconds.' }),
            to: Type.Optional({ ...TimeInput, description: 'time before this: RFC 3339 or epoch milliseconds.' }),
            action: repeatable<readonly Action[]>(ACTIONS),
            org: Type.Optional(UidText),
            ...Paging,
          },
          closed,
        ),
        response: { 200: pageSchema(EventView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { query } = request
      const org = tenantOf(callerOf(request), query.org, defaultOrg)
      if (org === null) return refuseOrg(reply)
      const [from, to] = [query.from, query.to].map((time) => (time === undefined ? undefined : parseTime(time)))
      if (from === null) return refuseField(reply, '/query/from', TIME_RULE)
      if (to === null) return refuseField(reply, '/query/to', TIME_RULE)
      const filter = { from: from ?? null, to: to ?? null, actions: query.action ?? [] }
      const { cursor = null, limit = DEFAULT_PAGE_SIZE } = query
      const page = await actors.events(org, request.params.actor_uid, filter, cursor, limit)
      if (page === null) return sendProblem(reply, 'not-found')
      return { items: page.items.map(presentEvent), next_cursor: page.next_cursor }
    },
  )
}
