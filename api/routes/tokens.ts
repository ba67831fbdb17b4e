import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ONE_LINE } from '../../model/readable-text.ts'
import { sees, tenantOf } from '../access.ts'
import type { AlertFeed } from '../alert-feed.ts'
import { callerOf } from '../plugins/auth.ts'
import { presentToken } from '../present.ts'
import { problemResponse, refuseField, refuseOrg, sendProblem } from '../problem.ts'
import { closed, orNull, pageSchema, TokenView, UidText } from '../schemas.ts'
import { TOKEN_NAME_CHARACTERS, TOKEN_ROLES, type TokenRole, type TokenService, whyNotBound } from '../services.ts'

const NewTokenBody = Type.Object(
  {
    name: Type.String({ pattern: ONE_LINE, maxLength: TOKEN_NAME_CHARACTERS }),
    role: Type.Unsafe<TokenRole>(Type.Enum([...TOKEN_ROLES])),
    org_uid: Type.Optional(orNull(UidText)),
  },
  closed,
)

/** GET, POST and DELETE /v1/tokens. An admin of one tenant sees and makes that tenant's tokens only. */
export async function tokenRoutes(plain: FastifyInstance, tokens: TokenService, feed: AlertFeed) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()

  scope.get(
    '/v1/tokens',
    {
      config: { needs: 'administer' },
      schema: {
        summary: 'Tokens, oldest first, revoked ones too',
        tags: ['tokens'],
        response: { 200: pageSchema(TokenView), '4xx': problemResponse },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const visible = tokens.list().filter((token) => caller.org_uid === null || caller.org_uid === token.org_uid)
      return { items: visible.map(presentToken), next_cursor: null }
    },
  )

  scope.post(
    '/v1/tokens',
    {
      config: { needs: 'administer' },
      schema: {
        summary: 'Make a token',
        description: 'The secret is in this answer and nowhere else.',
        tags: ['tokens'],
        body: NewTokenBody,
        response: {
          201: Type.Object({ ...TokenView.properties, secret: Type.String() }, closed),
          '4xx': problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { name, role, org_uid } = request.body
      const caller = callerOf(request)
      const org = tenantOf(caller, org_uid ?? undefined, undefined)
      if (org === null) return refuseOrg(reply)
      const why = whyNotBound({ role, org_uid: org ?? null })
      if (why !== null) return refuseField(reply, '/body/role', `cannot be bound to one org: ${why}`)
      const { token, secret } = await tokens.create({ name, role, org_uid: org ?? null })
      reply.code(201)
      return { ...presentToken(token), secret }
    },
  )

  scope.delete(
    '/v1/tokens/:token_uid',
    {
      config: { needs: 'administer' },
      schema: {
        summary: 'Revoke a token',
        description: 'At once; its open streams are cut.',
        tags: ['tokens'],
        params: Type.Object({ token_uid: UidText }),
        response: { 204: Type.Null(), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { token_uid } = request.params
      const token = tokens.list().find((candidate) => candidate.token_uid === token_uid)
      const caller = callerOf(request)
      const mine = token !== undefined && (caller.org_uid === null || sees(caller, token.org_uid ?? ''))
      const outcome = mine ? await tokens.revoke(token_uid) : 'unknown'
      if (outcome === 'unknown') return sendProblem(reply, 'not-found')
      if (outcome === 'configured')
        return sendProblem(
          reply,
          'conflict',
          'The configuration gives this token (admin.token): it ends when it is taken out there and the service is started again.',
        )
      feed.cutToken(token_uid)
      return reply.code(204).send(null)
    },
  )
}
