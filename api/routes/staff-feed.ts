import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { sees } from '../access.ts'
import type { ApiOptions } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import type { IngestSlots } from '../plugins/ingest-slots.ts'
import { documentBody } from '../plugins/openapi.ts'
import { mediaTypeOf, takeRawBodies } from '../plugins/raw-body.ts'
import { problemResponse, sendProblem } from '../problem.ts'
import { IngestAnswer } from '../schemas.ts'
import type { StaffFormat, StaffService } from '../services.ts'

const FORMATS: Readonly<Record<string, StaffFormat>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/json': 'json',
  'text/csv': 'csv',
}

/** POST /v1/staff: many records at once, a reason for each row that was refused. */
export async function staffFeedRoutes(
  scope: FastifyInstance,
  staff: StaffService,
  options: ApiOptions,
  slots: IngestSlots,
) {
  const { limits } = options
  takeRawBodies(scope, Object.keys(FORMATS), limits.ingestBodyBytes)
  slots.guard(scope)

  scope.post(
    '/v1/staff',
    {
      config: {
        needs: 'ingest',
        swaggerTransform: documentBody({
          'application/x-ndjson': Type.String({ description: 'One staff record a line.' }),
          'application/json': Type.Union([Type.Object({}), Type.Array(Type.Object({}))]),
          'text/csv': Type.String({
            description:
              'The header names staff record fields, or EmailAddress, ResignationDate, LastWorkingDate as Microsoft Purview’s HR connector has them.',
          }),
        }),
      },
      schema: {
        summary: 'Hand in staff records',
        description: `At most ${limits.ingestBodyBytes} bytes and ${limits.rowsPerRequest} records. An identical record changes nothing.`,
        tags: ['staff'],
        response: { 200: IngestAnswer, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const format = FORMATS[mediaTypeOf(request.headers['content-type'])]
      if (!Buffer.isBuffer(request.body) || format === undefined) {
        return sendProblem(
          reply,
          'unsupported-media-type',
          `Content-Type must be one of: ${Object.keys(FORMATS).join(', ')}.`,
        )
      }
      const defaults = { org: caller.org_uid ?? options.defaultOrg, now: options.now() }
      const rows = staff.read(format, request.body, defaults, limits.rowsPerRequest)
      if (!rows.ok) {
        return sendProblem(reply, rows.fault === 'too_many' ? 'body-too-large' : 'unreadable-body', rows.reason)
      }
      const own = rows.records.filter(({ record }) => sees(caller, record.org_uid))
      const foreign = rows.records
        .filter(({ record }) => !sees(caller, record.org_uid))
        .map(({ line }) => ({ line, reason: 'org_uid is not the one that this token is bound to' }))
      const answer = { accepted: 0, duplicates: 0, rejected: [...rows.rejected, ...foreign] }
      if (own.length > 0) {
        const outcome = await staff.record(own.map(({ record }) => record))
        if (!outcome.ok) {
          reply.header('retry-after', outcome.retryAfterSeconds)
          return sendProblem(reply, 'busy', 'Nothing of this request was taken; send it again later.')
        }
        answer.accepted = outcome.result.accepted
        answer.duplicates = outcome.result.duplicates
        for (const { line, reason } of outcome.result.rejected)
          answer.rejected.push({ line: own[line - 1].line, reason })
      }
      answer.rejected.sort((a, b) => a.line - b.line)
      return answer
    },
  )
}
