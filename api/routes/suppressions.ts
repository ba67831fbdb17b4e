import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { catalogueOf } from '../../messages/catalogues.ts'
import {
  SUPPRESSION_EFFECTS,
  SUPPRESSION_LIMITS,
  type SuppressionEffect,
  SuppressionScope,
} from '../../model/suppression.ts'
import { sees, tenantOf } from '../access.ts'
import type { ApiOptions } from '../options.ts'
import { analystOf, callerOf } from '../plugins/auth.ts'
import { presentAlert, presentSuppression } from '../present.ts'
import { problemResponse, refuseField, refuseOrg, sendProblem } from '../problem.ts'
import {
  AlertView,
  closed,
  DEFAULT_PAGE_SIZE,
  orNull,
  Paging,
  pageSchema,
  reasonText,
  SuppressionView,
  UidText,
} from '../schemas.ts'
import type { SuppressionService } from '../services.ts'
import { parseTime, TIME_RULE, TimeInput } from '../times.ts'

const Effect = Type.Optional(
  Type.Unsafe<SuppressionEffect>(
    Type.Enum([...SUPPRESSION_EFFECTS], {
      default: 'findings',
      description:
        'What is held back: findings, by actor, detector, role or team; or events, by actor, object or query, which are then stored and count for nothing.',
    }),
  ),
)
const NewSuppressionBody = Type.Object(
  {
    effect: Effect,
    scope: SuppressionScope,
    reason: reasonText(SUPPRESSION_LIMITS.reasonLength),
    starts_at: Type.Optional({ ...TimeInput, description: 'Findings from this event time on; now by default.' }),
    ends_at: { ...TimeInput, description: 'Findings before this event time.' },
    org_uid: Type.Optional(UidText),
  },
  closed,
)
const PreviewBody = Type.Object(
  {
    effect: Effect,
    scope: SuppressionScope,
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, default: 90, description: 'Days to look back.' })),
    org_uid: Type.Optional(UidText),
  },
  closed,
)
const DAY_MS = 86_400_000

/** Suppressions: findings that are not to open alerts, for a reason and until a day. */
export async function suppressionRoutes(
  plain: FastifyInstance,
  suppressions: SuppressionService,
  options: Pick<ApiOptions, 'defaultOrg' | 'language' | 'now'>,
) {
  const { language, now, defaultOrg } = options
  const words = catalogueOf(language)
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()

  scope.get(
    '/v1/suppressions',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Suppressions, newest first, with what each has held back',
        tags: ['suppressions'],
        querystring: Type.Object(
          { in_force: Type.Optional(Type.Boolean()), org: Type.Optional(UidText), ...Paging },
          closed,
        ),
        response: { 200: pageSchema(SuppressionView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { in_force, cursor = null, limit = DEFAULT_PAGE_SIZE } = request.query
      const org = tenantOf(callerOf(request), request.query.org, undefined)
      if (org === null) return refuseOrg(reply)
      const page = await suppressions.list({ org, inForceAt: in_force === true ? now() : undefined }, cursor, limit)
      return { items: page.items.map(presentSuppression), next_cursor: page.next_cursor }
    },
  )

  scope.post(
    '/v1/suppressions/preview',
    {
      config: { needs: 'triage' },
      schema: {
        summary: 'What a suppression would have done to the alerts of the past',
        tags: ['suppressions'],
        body: PreviewBody,
        response: {
          200: Type.Object(
            {
              alerts: Type.Integer({ description: 'Alerts looked at.' }),
              not_opened: Type.Integer(),
              fewer_findings: Type.Integer(),
              examples: Type.Array(AlertView, { description: 'The newest of those that would not have opened.' }),
              left_out: orNull(
                Type.Object(
                  {
                    events: Type.Integer({ description: 'Events looked at.' }),
                    left_out: Type.Integer(),
                    actors: Type.Integer({ description: 'People or accounts they are of.' }),
                  },
                  closed,
                ),
              ),
            },
            closed,
          ),
          '4xx': problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { days = 90, org_uid } = request.body
      const org = tenantOf(callerOf(request), org_uid, defaultOrg)
      if (org === null) return refuseOrg(reply)
      const { effect = 'findings', scope: wanted } = request.body
      const fault = suppressions.scopeFault(effect, wanted)
      if (fault !== null) return refuseField(reply, `/body${fault.path}`, fault.message)
      const from = now() - days * DAY_MS
      if (effect === 'events') {
        const left_out = await suppressions.previewEvents(org, wanted, from)
        return { alerts: 0, not_opened: 0, fewer_findings: 0, examples: [], left_out }
      }
      const preview = await suppressions.preview(org, wanted, from)
      return { ...preview, examples: preview.examples.map((alert) => presentAlert(alert, words)), left_out: null }
    },
  )

  scope.post(
    '/v1/suppressions',
    {
      config: { needs: 'triage' },
      schema: {
        summary: 'Hold findings back, for a reason and until a day',
        description:
          'Findings are held back while what was done goes on to be counted; with the effect `events`, events that come from now on count for nothing.',
        tags: ['suppressions'],
        body: NewSuppressionBody,
        response: { 201: SuppressionView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { body } = request
      const caller = callerOf(request)
      const org = tenantOf(caller, body.org_uid, defaultOrg)
      if (org === null) return refuseOrg(reply)
      const { effect = 'findings' } = body
      const fault = suppressions.scopeFault(effect, body.scope)
      if (fault !== null) return refuseField(reply, `/body${fault.path}`, fault.message)
      const starts_at = body.starts_at === undefined ? now() : parseTime(body.starts_at)
      const ends_at = parseTime(body.ends_at)
      if (starts_at === null) return refuseField(reply, '/body/starts_at', TIME_RULE)
      if (ends_at === null) return refuseField(reply, '/body/ends_at', TIME_RULE)
      const wanted = { org_uid: org, effect, scope: body.scope, reason: body.reason, starts_at, ends_at }
      const outcome = await suppressions.create(wanted, analystOf(caller))
      if (outcome.kind === 'refused') return refuseField(reply, `/body${outcome.path}`, outcome.message, 'conflict')
      reply.code(201)
      return presentSuppression(outcome.suppression)
    },
  )

  scope.delete(
    '/v1/suppressions/:suppression_uid',
    {
      config: { needs: 'triage' },
      schema: {
        summary: 'Revoke a suppression; it stays in the list',
        tags: ['suppressions'],
        params: Type.Object({ suppression_uid: UidText }),
        response: { 200: SuppressionView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const uid = request.params.suppression_uid
      const revoked = await suppressions.revoke(uid, analystOf(caller), (org) => sees(caller, org))
      return revoked === null ? sendProblem(reply, 'not-found') : presentSuppression(revoked)
    },
  )
}
