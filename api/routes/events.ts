import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { EVENT_MEDIA_TYPES, eventLines, isEventMediaType } from '../event-lines.ts'
import type { ApiLimits } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import type { IngestSlots } from '../plugins/ingest-slots.ts'
import { documentBody } from '../plugins/openapi.ts'
import { mediaTypeOf, takeRawBodies } from '../plugins/raw-body.ts'
import { problemResponse, sendProblem } from '../problem.ts'
import { IngestAnswer } from '../schemas.ts'
import type { IngestService } from '../services.ts'

/** POST /v1/events: the answer comes after the commit. */
export async function eventRoutes(
  scope: FastifyInstance,
  ingest: IngestService,
  limits: ApiLimits,
  slots: IngestSlots,
) {
  takeRawBodies(scope, Object.keys(EVENT_MEDIA_TYPES), limits.ingestBodyBytes)
  slots.guard(scope)

  scope.post(
    '/v1/events',
    {
      config: {
        needs: 'ingest',
        swaggerTransform: documentBody({
          'application/x-ndjson': Type.String({ description: 'One event a line, bare or as a CloudEvent.' }),
          'application/json': Type.Union([Type.Object({}), Type.Array(Type.Object({}))]),
          'application/cloudevents+json': Type.Object({}),
          'application/cloudevents-batch+json': Type.Array(Type.Object({})),
        }),
      },
      schema: {
        summary: 'Hand in contact-access events',
        description: `At most ${limits.ingestBodyBytes} bytes (inflated, where Content-Encoding is gzip) and ${limits.rowsPerRequest} events. Handing in the same event_uid again changes nothing.`,
        tags: ['ingest'],
        response: { 200: IngestAnswer, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const mediaType = mediaTypeOf(request.headers['content-type'])
      if (!Buffer.isBuffer(request.body) || !isEventMediaType(mediaType)) {
        return sendProblem(
          reply,
          'unsupported-media-type',
          `Content-Type must be one of: ${Object.keys(EVENT_MEDIA_TYPES).join(', ')}.`,
        )
      }
      const cut = eventLines(mediaType, request.body, limits.rowsPerRequest)
      if (!cut.ok) {
        return sendProblem(reply, cut.fault === 'too_many' ? 'body-too-large' : 'unreadable-body', cut.detail)
      }
      if (cut.lines.length === 0) return { accepted: 0, duplicates: 0, rejected: [] }
      const outcome = await ingest.events(cut.lines, callerOf(request).org_uid)
      if (!outcome.ok) {
        reply.header('retry-after', outcome.retryAfterSeconds)
        return sendProblem(reply, 'busy', 'Nothing of this request was taken; send it again later.')
      }
      const { accepted, duplicates, rejected } = outcome.result
      const numbered = rejected.map(({ line, reason }) => ({ line: cut.numbers[line - 1], reason }))
      return { accepted, duplicates, rejected: numbered }
    },
  )
}
