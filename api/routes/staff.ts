import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { StaffRecord } from '../../model/staff.ts'
import { sees, tenantOf } from '../access.ts'
import type { ApiOptions } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import { documentBody } from '../plugins/openapi.ts'
import { presentStaff } from '../present.ts'
import { problemResponse, refuseOrg, sendProblem } from '../problem.ts'
import { closed, IngestAnswer, pageSchema, StaffView, UidText } from '../schemas.ts'
import type { StaffService } from '../services.ts'
import { TimeInput } from '../times.ts'

const { actor_uid, status, ...others } = StaffRecord.properties
const StaffInput = Type.Object({
  status,
  ...Type.Partial(Type.Object({ actor_uid, ...others, recorded_at: TimeInput })).properties,
})

/** One actor's staff records: PUT and GET /v1/staff/{actor_uid}. */
export async function staffRoutes(plain: FastifyInstance, staff: StaffService, options: ApiOptions) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  const params = Type.Object({ actor_uid: UidText })

  scope.put(
    '/v1/staff/:actor_uid',
    {
      config: { needs: 'ingest', swaggerTransform: documentBody({ 'application/json': StaffInput }) },
      schema: {
        summary: 'Record what HR says of one actor',
        description:
          'Appends to the actor’s history. The newest record holds as a whole: what it leaves out is unknown, not as before. recorded_at is now where it is not given.',
        tags: ['staff'],
        params,
        response: { 200: IngestAnswer, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const refuse = (path: string, message: string) =>
        sendProblem(reply, 'invalid-request', 'See errors for what is wrong and what is allowed.', [{ path, message }])
      const body: unknown = request.body
      if (typeof body !== 'object' || body === null || Array.isArray(body))
        return refuse('/body', 'must be a JSON object')
      const { actor_uid } = request.params
      if ('actor_uid' in body && body.actor_uid !== actor_uid)
        return refuse('/body/actor_uid', 'must equal the one in the path')
      const defaults = { org: caller.org_uid ?? options.defaultOrg, now: options.now() }
      const parsed = staff.parse({ ...body, actor_uid }, defaults)
      if (!parsed.ok) return refuse('/body', parsed.reason)
      if (!sees(caller, parsed.record.org_uid)) return refuseOrg(reply)
      const outcome = await staff.record([parsed.record])
      if (!outcome.ok) {
        reply.header('retry-after', outcome.retryAfterSeconds)
        return sendProblem(reply, 'busy', 'Nothing was taken; send it again later.')
      }
      return { ...outcome.result, rejected: [...outcome.result.rejected] }
    },
  )

  scope.get(
    '/v1/staff/:actor_uid',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What HR reported of one actor, oldest first',
        tags: ['staff'],
        params,
        querystring: Type.Object({ org: Type.Optional(UidText) }, closed),
        response: { 200: pageSchema(StaffView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const org = tenantOf(callerOf(request), request.query.org, options.defaultOrg)
      if (org === null) return refuseOrg(reply)
      const records = await staff.history(org, request.params.actor_uid)
      return { items: records.map(presentStaff), next_cursor: null }
    },
  )
}
