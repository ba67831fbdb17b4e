import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Language } from '../../model/language.ts'
import { tenantOf } from '../access.ts'
import { LanguageQuery, wordsFor } from '../language.ts'
import { callerOf } from '../plugins/auth.ts'
import { presentActor } from '../present.ts'
import { problemResponse, sendProblem } from '../problem.ts'
import { ActorReport, UidText } from '../schemas.ts'
import { type ActorService, DEFAULT_ORG } from '../services.ts'

/** GET /v1/actors/{actor_uid}. */
export async function actorRoutes(plain: FastifyInstance, actors: ActorService, language: Language) {
  plain.withTypeProvider<TypeBoxTypeProvider>().get(
    '/v1/actors/:actor_uid',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'One actor: windows against baselines, staff state, alerts',
        tags: ['actors'],
        params: Type.Object({ actor_uid: UidText }),
        querystring: Type.Object({ org: Type.Optional(UidText), ...LanguageQuery }, { additionalProperties: false }),
        response: { 200: ActorReport, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const org = tenantOf(callerOf(request), request.query.org, DEFAULT_ORG)
      if (org === null) return sendProblem(reply, 'forbidden', 'This token is bound to another org.')
      const actor = await actors.get(org, request.params.actor_uid)
      return actor === null ? sendProblem(reply, 'not-found') : presentActor(actor, wordsFor(request, reply, language))
    },
  )
}
