import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { may, sees } from '../access.ts'
import type { ApiOptions } from '../options.ts'
import { callerOf } from '../plugins/auth.ts'
import { problemResponse, sendProblem } from '../problem.ts'
import { closed, DEFAULT_PAGE_SIZE, Paging, pageSchema } from '../schemas.ts'
import type { Principal } from '../services.ts'
import {
  presentSource,
  presentSourceDetails,
  RetryView,
  SourceDetailsView,
  SourceLetterView,
  SourceParams,
  SourceView,
  UnmappedView,
} from '../source-schemas.ts'
import type { SourceService } from '../source-service.ts'
import { presentTime } from '../times.ts'

/** Characters of a dead letter's row that are shown. */
const PREVIEW_CHARACTERS = 4_096

/**
 * Whether a caller may know of a source: one bound to a tenant sees that tenant's sources alone, and none whose rows name
 * their tenants themselves.
 */
const seesSource = (caller: Principal, source: { readonly org_uid: string | null }): boolean =>
  caller.org_uid === null || (source.org_uid !== null && sees(caller, source.org_uid))

/** The source of this name; null where there is none that the caller may know of. */
export function findSource(sources: SourceService, caller: Principal, name: string) {
  const source = sources.find(name)
  return source !== null && seesSource(caller, source) ? source : null
}

/** How the sources are doing: GET /v1/sources and below. */
export async function sourceRoutes(plain: FastifyInstance, sources: SourceService, { now }: ApiOptions) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()

  scope.get(
    '/v1/sources',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'The CRM logs that are configured, and how they are doing',
        tags: ['sources'],
        response: { 200: pageSchema(SourceView), '4xx': problemResponse },
      },
    },
    async (request) => {
      const reports = (await sources.list()).filter((report) => seesSource(callerOf(request), report))
      return { items: reports.map((report) => presentSource(report, now())), next_cursor: null }
    },
  )

  scope.get(
    '/v1/sources/:name',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'One source, with its files and dead letters',
        tags: ['sources'],
        params: SourceParams,
        response: { 200: SourceDetailsView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      if (findSource(sources, callerOf(request), name) === null) return sendProblem(reply, 'not-found')
      const details = await sources.get(name)
      return details === null ? sendProblem(reply, 'not-found') : presentSourceDetails(details, now())
    },
  )

  scope.get(
    '/v1/sources/:name/unmapped',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Users of the CRM whom the user map does not know, the busiest first',
        description: 'Their events are kept under the id that the CRM has for them.',
        tags: ['sources'],
        params: SourceParams,
        response: { 200: pageSchema(UnmappedView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      if (findSource(sources, callerOf(request), name) === null) return sendProblem(reply, 'not-found')
      const users = await sources.unmapped(name)
      const items = users.map(({ native_uid, rows, first_seen, last_seen }) => ({
        native_uid,
        rows,
        first_seen: presentTime(first_seen),
        last_seen: presentTime(last_seen),
      }))
      return { items, next_cursor: null }
    },
  )

  scope.get(
    '/v1/sources/:name/dead-letters',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Rows of a source that could not be read, newest first',
        tags: ['sources'],
        params: SourceParams,
        querystring: Type.Object(Paging, closed),
        response: { 200: pageSchema(SourceLetterView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const caller = callerOf(request)
      if (findSource(sources, caller, name) === null) return sendProblem(reply, 'not-found')
      const { cursor = null, limit = DEFAULT_PAGE_SIZE } = request.query
      // A row may hold personal data that no event has.
      const page = await sources.letters(name, may(caller, 'administer') ? PREVIEW_CHARACTERS : 0, cursor, limit)
      const items = page.items.map(({ source: _, published: __, received_at, body, ...letter }) => ({
        ...letter,
        received_at: presentTime(received_at),
        body: body === '' ? null : body,
      }))
      return { items, next_cursor: page.next_cursor }
    },
  )

  scope.post(
    '/v1/sources/:name/dead-letters/retry',
    {
      config: { needs: 'administer' },
      schema: {
        summary: 'Read the dead letters of a source again',
        description:
          'As far as ingest.keep_dead_letter_bodies kept their rows: after the mapping was mended. What can be used now is taken; each event still counts once.',
        tags: ['sources'],
        params: SourceParams,
        response: { 200: RetryView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      if (findSource(sources, callerOf(request), name) === null) return sendProblem(reply, 'not-found')
      const answer = await sources.retry(name)
      if (answer !== null) return answer
      reply.header('retry-after', 5)
      return sendProblem(reply, 'busy', 'The dead letters of this source are being read again already.')
    },
  )
}
