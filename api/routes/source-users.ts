import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ApiLimits } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import type { IngestSlots } from '../plugins/ingest-slots.ts'
import { documentBody } from '../plugins/openapi.ts'
import { mediaTypeOf, takeRawBodies } from '../plugins/raw-body.ts'
import { problemResponse, sendProblem } from '../problem.ts'
import { closed, pageSchema, UidText } from '../schemas.ts'
import { SourceParams } from '../source-schemas.ts'
import type { SourceService } from '../source-service.ts'
import { findSource } from './sources.ts'

const FORMATS: Readonly<Record<string, 'csv' | 'json'>> = { 'text/csv': 'csv', 'application/json': 'json' }
const SourceUser = Type.Object({ native_uid: UidText, actor_uid: UidText }, closed)

/** Who the users of a CRM are: GET and PUT /v1/sources/{name}/users. */
export async function sourceUserRoutes(
  plain: FastifyInstance,
  sources: SourceService,
  limits: ApiLimits,
  slots: IngestSlots,
) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  takeRawBodies(plain, Object.keys(FORMATS), limits.ingestBodyBytes)
  slots.guard(plain)

  scope.get(
    '/v1/sources/:name/users',
    {
      config: { needs: 'administer' },
      schema: {
        summary: 'Which staff member each user of the CRM is, as handed in here',
        tags: ['sources'],
        params: SourceParams,
        response: { 200: pageSchema(SourceUser), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      if (findSource(sources, callerOf(request), name) === null) return sendProblem(reply, 'not-found')
      return { items: [...(await sources.users(name))], next_cursor: null }
    },
  )

  scope.put(
    '/v1/sources/:name/users',
    {
      config: {
        needs: 'administer',
        swaggerTransform: documentBody({
          'text/csv': Type.String({ description: 'With the columns native_uid and actor_uid.' }),
          'application/json': Type.Array(SourceUser),
        }),
      },
      schema: {
        summary: 'Say which staff member each user of the CRM is',
        description: `Takes the place of all that was handed in before, and comes before the source’s user_map. Holds for rows that come from now on. At most ${limits.ingestBodyBytes} bytes.`,
        tags: ['sources'],
        params: SourceParams,
        response: { 200: Type.Object({ users: Type.Integer({ minimum: 0 }) }), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      if (findSource(sources, callerOf(request), name) === null) return sendProblem(reply, 'not-found')
      const format = FORMATS[mediaTypeOf(request.headers['content-type'])]
      if (!Buffer.isBuffer(request.body) || format === undefined) {
        const allowed = Object.keys(FORMATS).join(', ')
        return sendProblem(reply, 'unsupported-media-type', `Content-Type must be one of: ${allowed}.`)
      }
      const outcome = await sources.putUsers(name, format, request.body)
      return outcome.ok ? { users: outcome.users } : sendProblem(reply, 'unreadable-body', outcome.reason)
    },
  )
}
