import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { CALIBRATION_BASES, type CalibrationBasis } from '../../detectors/risk/calibration-basis.ts'
import { tenantOf } from '../access.ts'
import type { CalibrationService } from '../calibration-service.ts'
import { callerOf } from '../plugins/auth.ts'
import { problemResponse, refuseOrg } from '../problem.ts'
import { closed, orNull, pageSchema, UidText } from '../schemas.ts'

const rate = orNull(Type.Number())
const RoleView = Type.Object(
  {
    org_uid: Type.String(),
    role: orNull(Type.String(), { description: 'Null: those of whom HR gives no role.' }),
    actor_type: orNull(Type.String(), {
      description: 'Of those without a role, which kind of account they are.',
    }),
    day: Type.String({ format: 'date', description: 'The event-time day that it was made for.' }),
    person_days: Type.Number({ description: 'Person-days, faded by age, that the tests are calibrated by.' }),
    basis: Type.Unsafe<CalibrationBasis>(
      Type.Enum([...CALIBRATION_BASES], {
        description: 'What the cut rests on: what is assumed, the history of the tenant, or mostly that of the role.',
      }),
    ),
    cut: Type.Number({ description: 'Risk from which an alert opens.' }),
    leaver_cut: Type.Number(),
    people: Type.Integer({ description: 'People of the role who did something within 28 days.' }),
    alerts: Type.Integer({ description: 'Opened within 28 days about people at work; true ones among them.' }),
    leaver_alerts: Type.Integer(),
    alerts_per_1000_per_week: rate,
    leaver_alerts_per_1000_per_week: rate,
    alert_budget: Type.Number(),
    leaver_alert_budget: Type.Number(),
  },
  closed,
)

/** GET /v1/calibration. */
export async function calibrationRoutes(plain: FastifyInstance, calibration: CalibrationService) {
  plain.withTypeProvider<TypeBoxTypeProvider>().get(
    '/v1/calibration',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'How each role is judged: its cut, what that rests on, and alerts against the budget',
        tags: ['detection'],
        querystring: Type.Object({ org: Type.Optional(UidText) }, closed),
        response: { 200: pageSchema(RoleView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const org = tenantOf(callerOf(request), request.query.org, undefined)
      if (org === null) return refuseOrg(reply)
      return { items: [...(await calibration.list(org ?? null))], next_cursor: null }
    },
  )
}
