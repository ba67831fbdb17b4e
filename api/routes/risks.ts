import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { RISK_DAYS } from '../../alerts/person-risk.ts'
import { tenantOf } from '../access.ts'
import type { ApiOptions } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import { problemResponse, refuseOrg, sendProblem } from '../problem.ts'
import { RiskHistoryView, RiskView } from '../risk-schemas.ts'
import type { RiskService } from '../risk-service.ts'
import { closed, DEFAULT_PAGE_SIZE, Paging, pageSchema, UidText } from '../schemas.ts'
import { presentTimeOrNull } from '../times.ts'

const Text = Type.String({ minLength: 1, maxLength: 4_096 })

/** GET /v1/actors, by risk, and one person's risk day by day. */
export async function riskRoutes(plain: FastifyInstance, risks: RiskService, options: Pick<ApiOptions, 'defaultOrg'>) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()

  scope.get(
    '/v1/actors',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'People by risk, highest first',
        description:
          'Risks move with every event: somebody whose risk changes between two pages may come twice, or not at all.',
        tags: ['actors'],
        querystring: Type.Object(
          {
            sort: Type.Optional(Type.Literal('risk', { description: 'The one order there is.' })),
            org: Type.Optional(UidText),
            role: Type.Optional(Text),
            team: Type.Optional(Text),
            leaver: Type.Optional(Type.Boolean({ description: 'In notice or gone, by what HR says now.' })),
            min_risk: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
            ...Paging,
          },
          closed,
        ),
        response: { 200: pageSchema(RiskView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { role, team, leaver, min_risk: min, cursor, limit } = request.query
      const org = tenantOf(callerOf(request), request.query.org, undefined)
      if (org === null) return refuseOrg(reply)
      const page = await risks.list({ org, role, team, leaver, min }, cursor ?? null, limit ?? DEFAULT_PAGE_SIZE)
      const items = page.items.map((row) => ({
        ...row,
        last_seen: presentTimeOrNull(row.last_seen),
      }))
      return { items, next_cursor: page.next_cursor }
    },
  )

  scope.get(
    '/v1/actors/:actor_uid/risk',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'One person’s risk, day by day, oldest first',
        tags: ['actors'],
        params: Type.Object({ actor_uid: UidText }),
        querystring: Type.Object(
          {
            org: Type.Optional(UidText),
            days: Type.Optional(
              Type.Integer({
                minimum: 1,
                maximum: 400,
                default: RISK_DAYS,
                description: 'How many, today among them.',
              }),
            ),
          },
          closed,
        ),
        response: { 200: RiskHistoryView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const org = tenantOf(callerOf(request), request.query.org, options.defaultOrg)
      if (org === null) return refuseOrg(reply)
      const history = await risks.history(org, request.params.actor_uid, request.query.days ?? RISK_DAYS)
      if (history === null) return sendProblem(reply, 'not-found')
      return { ...history, days: history.days.map((day) => ({ ...day, detectors: [...day.detectors] })) }
    },
  )
}
