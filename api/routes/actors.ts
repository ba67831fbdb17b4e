import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { catalogueOf } from '../../messages/catalogues.ts'
import { EXAMINATION_LIMITS } from '../../model/examination.ts'
import { tenantOf } from '../access.ts'
import { LanguageQuery, wordsFor } from '../language.ts'
import type { ApiOptions } from '../options.ts'
import { analystOf, callerOf } from '../plugins/auth.ts'
import { presentActor, presentExamination, presentExaminationEntry } from '../present.ts'
import { problemResponse, refuseOrg, sendProblem } from '../problem.ts'
import {
  ActorReport,
  closed,
  DEFAULT_PAGE_SIZE,
  ExaminationEntryView,
  ExaminationView,
  Paging,
  pageSchema,
  reasonText,
  UidText,
} from '../schemas.ts'
import type { ActorService } from '../services.ts'

/** One actor, and having that actor's past examined. */
export async function actorRoutes(
  plain: FastifyInstance,
  actors: ActorService,
  { defaultOrg, language }: Pick<ApiOptions, 'defaultOrg' | 'language'>,
) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  const params = Type.Object({ actor_uid: UidText })

  scope.get(
    '/v1/actors/:actor_uid',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'One actor: windows against baselines, staff state, alerts',
        tags: ['actors'],
        params,
        querystring: Type.Object({ org: Type.Optional(UidText), ...LanguageQuery }, closed),
        response: { 200: ActorReport, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const org = tenantOf(callerOf(request), request.query.org, defaultOrg)
      if (org === null) return refuseOrg(reply)
      const actor = await actors.get(org, request.params.actor_uid)
      return actor === null ? sendProblem(reply, 'not-found') : presentActor(actor, wordsFor(request, reply, language))
    },
  )

  scope.post(
    '/v1/actors/:actor_uid/examine',
    {
      config: { needs: 'triage' },
      schema: {
        summary: 'Have an actor’s past 90 days examined at the leaver’s cut',
        description:
          'Answers when what was found is stored. Findings carry their own times and `look_back`; alerts open under the time of the request. Later events are held to the usual cut.',
        tags: ['actors'],
        params,
        body: Type.Object(
          {
            reason: reasonText(EXAMINATION_LIMITS.reasonLength),
            org_uid: Type.Optional(UidText),
          },
          closed,
        ),
        response: { 200: ExaminationView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { reason, org_uid } = request.body
      const org = tenantOf(caller, org_uid, defaultOrg)
      if (org === null) return refuseOrg(reply)
      const outcome = await actors.examine(org, request.params.actor_uid, reason, analystOf(caller))
      switch (outcome.kind) {
        case 'absent':
          return sendProblem(reply, 'not-found')
        case 'busy':
          reply.header('retry-after', '5')
          return sendProblem(reply, 'busy', `${EXAMINATION_LIMITS.waiting} pasts are being examined at once.`)
        case 'examined':
          return presentExamination(outcome, catalogueOf(language))
      }
    },
  )

  scope.get(
    '/v1/actors/:actor_uid/examinations',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Who had the actor’s past examined and why, oldest first',
        tags: ['actors'],
        params,
        querystring: Type.Object({ org: Type.Optional(UidText), ...Paging }, closed),
        response: { 200: pageSchema(ExaminationEntryView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { org: asked, cursor = null, limit = DEFAULT_PAGE_SIZE } = request.query
      const org = tenantOf(callerOf(request), asked, defaultOrg)
      if (org === null) return refuseOrg(reply)
      const page = await actors.examinations(org, request.params.actor_uid, cursor, limit)
      return { items: page.items.map(presentExaminationEntry), next_cursor: page.next_cursor }
    },
  )
}
