import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { RECORDS_MEDIA_TYPE } from '../../ingest/sources/record-frames.ts'
import type { ApiLimits } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import type { IngestSlots } from '../plugins/ingest-slots.ts'
import { documentBody } from '../plugins/openapi.ts'
import { mediaTypeOf, takeRawBodies } from '../plugins/raw-body.ts'
import { problemResponse, sendProblem } from '../problem.ts'
import { closed } from '../schemas.ts'
import { ImportAnswer, ImportStateView, SourceIngestAnswer, SourceParams } from '../source-schemas.ts'
import type { SourceService } from '../source-service.ts'
import { findSource } from './sources.ts'

const FORMATS: Readonly<Record<string, 'csv' | 'json'>> = {
  'text/csv': 'csv',
  'application/json': 'json',
  'application/x-ndjson': 'json',
  'application/ndjson': 'json',
  'application/jsonl': 'json',
  'application/cloudevents+json': 'json',
  'application/cloudevents-batch+json': 'json',
}
const ImportParams = Type.Object({
  ...SourceParams.properties,
  file_uid: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the file.' }),
})
const NEWLINE = 0x0a
const isBlank = (body: Buffer): boolean => body.every((byte) => byte <= 0x20)

/** What a sender did wrong whose rows did not come along; a log that has no rows is none of these. */
function bodyFault(body: Buffer, format: 'csv' | 'json'): string | null {
  if (isBlank(body)) return 'The body is empty; it must hold CSV with its header, a JSON document or JSON lines.'
  if (body[0] === 0x1f && body[1] === 0x8b) return 'The body is gzip; it needs the header Content-Encoding: gzip.'
  if (format === 'csv' && !body.includes(NEWLINE)) {
    return 'The body is a single line, so no row stands below the header. Send line ends along: curl does with --data-binary, and takes them out with --data.'
  }
  return null
}

/** Longest a part of an import waits before it is sent again. */
const RETRY_SECONDS = 1

/** Rows in a CRM's own form: POST /v1/sources/{name}/events, and what `crmwatch import` sends. */
export async function sourceEventRoutes(
  plain: FastifyInstance,
  sources: SourceService,
  limits: ApiLimits,
  slots: IngestSlots,
) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  takeRawBodies(plain, [...Object.keys(FORMATS), RECORDS_MEDIA_TYPE], limits.ingestBodyBytes)
  slots.guard(plain)

  scope.post(
    '/v1/sources/:name/events',
    {
      config: {
        needs: 'ingest',
        swaggerTransform: documentBody({
          'text/csv': Type.String({ description: 'Rows below a header.' }),
          'application/json': Type.Union([Type.Object({}), Type.Array(Type.Object({}))]),
          'application/x-ndjson': Type.String({ description: 'One record a line.' }),
        }),
      },
      schema: {
        summary: 'Hand in rows of a CRM’s own log',
        description: `For sources with \`http: true\`. How the rows are read is for the configuration to say. At most ${limits.ingestBodyBytes} bytes (inflated, where Content-Encoding is gzip) and ${limits.rowsPerRequest} rows. Rows that come again change nothing.`,
        tags: ['sources', 'ingest'],
        params: SourceParams,
        response: { 200: SourceIngestAnswer, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const source = findSource(sources, callerOf(request), request.params.name)
      if (source === null) return sendProblem(reply, 'not-found')
      if (source.way_in !== 'http') {
        return sendProblem(reply, 'forbidden', 'This source does not take rows by HTTP; its configuration says how.')
      }
      const format = FORMATS[mediaTypeOf(request.headers['content-type'])]
      if (!Buffer.isBuffer(request.body) || format === undefined) {
        return sendProblem(
          reply,
          'unsupported-media-type',
          `Content-Type must be one of: ${Object.keys(FORMATS).join(', ')}.`,
        )
      }
      const fault = bodyFault(request.body, format)
      if (fault !== null) return sendProblem(reply, 'unreadable-body', fault)
      const answer = await sources.take(source.name, format, request.body, limits.rowsPerRequest)
      if (answer === null) {
        return sendProblem(reply, 'body-too-large', `More than ${limits.rowsPerRequest} rows; send them in parts.`)
      }
      return { ...answer, ignored: { ...answer.ignored }, rejected: [...answer.rejected] }
    },
  )

  scope.get(
    '/v1/sources/:name/imports/:file_uid',
    {
      config: { needs: 'ingest' },
      schema: {
        summary: 'How far the import of a file has come',
        description: 'For `crmwatch import`.',
        tags: ['sources'],
        params: ImportParams,
        response: { 200: ImportStateView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name, file_uid } = request.params
      if (findSource(sources, callerOf(request), name) === null) return sendProblem(reply, 'not-found')
      return { ...(await sources.importState(name, file_uid)), body_limit_bytes: limits.ingestBodyBytes }
    },
  )

  scope.post(
    '/v1/sources/:name/imports/:file_uid',
    {
      config: {
        needs: 'ingest',
        swaggerTransform: documentBody({
          [RECORDS_MEDIA_TYPE]: Type.Unsafe<Buffer>(Type.String({ format: 'binary' })),
        }),
      },
      schema: {
        summary: 'Hand in the next records of a file',
        description: 'For `crmwatch import`. How far the file has come is stored with its events.',
        tags: ['sources'],
        params: ImportParams,
        querystring: Type.Object(
          {
            first: Type.Integer({ minimum: 0, description: 'Pieces that came before these.' }),
            last: Type.Optional(Type.Boolean({ description: 'Whether the file ends with these.' })),
            format: Type.Unsafe<'csv' | 'json'>(Type.Enum(['csv', 'json'])),
            delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
          },
          closed,
        ),
        response: { 200: ImportAnswer, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name, file_uid } = request.params
      if (findSource(sources, callerOf(request), name) === null) return sendProblem(reply, 'not-found')
      if (!Buffer.isBuffer(request.body) || mediaTypeOf(request.headers['content-type']) !== RECORDS_MEDIA_TYPE) {
        return sendProblem(reply, 'unsupported-media-type', `Content-Type must be ${RECORDS_MEDIA_TYPE}.`)
      }
      const { first, last = false, format, delimiter = ',' } = request.query
      const outcome = await sources.importPart(name, { file_uid, first, last, format, delimiter, body: request.body })
      switch (outcome.kind) {
        case 'taken': {
          const { answer, state } = outcome
          return { ...answer, ...state, ignored: { ...answer.ignored }, rejected: [...answer.rejected] }
        }
        case 'out_of_step':
          return sendProblem(reply, 'conflict', `The file has come to piece ${outcome.pieces}; go on from there.`)
        case 'busy':
          reply.header('retry-after', RETRY_SECONDS)
          return sendProblem(reply, 'busy', 'Another part of this file is being taken.')
        case 'unreadable':
          return sendProblem(reply, 'unreadable-body', 'The body is not a sequence of framed records.')
      }
    },
  )
}
