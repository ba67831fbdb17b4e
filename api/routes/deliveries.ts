import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { SEVERITIES, type Severity } from '../../model/alert.ts'
import {
  DELIVERY_FAILURES,
  DELIVERY_REASONS,
  DELIVERY_STATUSES,
  type DeliveryFailure,
  type DeliveryReason,
  type DeliveryStatus,
} from '../../model/delivery.ts'
import { tenantOf } from '../access.ts'
import { callerOf } from '../plugins/auth.ts'
import { problemResponse, refuseOrg } from '../problem.ts'
import { closed, DEFAULT_PAGE_SIZE, orNull, Paging, pageSchema, UidText } from '../schemas.ts'
import type { DeliveryService, ToldDelivery } from '../services.ts'
import { DateTime, presentTime, presentTimeOrNull } from '../times.ts'

const oneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>(Type.Enum([...values], description === undefined ? {} : { description }))

const DeliveryView = Type.Object(
  {
    delivery_uid: Type.String(),
    message_uid: orNull(
      Type.String({
        description: 'The key by which receivers know a duplicate; null until it is gathered into a message.',
      }),
    ),
    channel: Type.String(),
    reason: oneOf<DeliveryReason>(DELIVERY_REASONS),
    org_uid: orNull(Type.String()),
    alert_uid: orNull(Type.String()),
    told_alert_uid: orNull(
      Type.String({
        description:
          'The id by which the channel knows the alert: another than alert_uid where it is told pseudonyms, null of a channel that is configured no more.',
      }),
    ),
    severity: orNull(oneOf<Severity>(SEVERITIES)),
    status: oneOf<DeliveryStatus>(DELIVERY_STATUSES),
    created_at: DateTime,
    due_at: DateTime,
    next_attempt_at: orNull(DateTime),
    attempts: Type.Integer({ minimum: 0 }),
    last_attempt_at: orNull(DateTime),
    finished_at: orNull(DateTime),
    failure: orNull(oneOf<DeliveryFailure>(DELIVERY_FAILURES, 'What the last attempt failed of.')),
    answer_status: orNull(Type.Integer({ description: 'The status with which the other side answered last.' })),
  },
  closed,
)

const presentDelivery = (row: ToldDelivery) => ({
  ...row,
  created_at: presentTime(row.created_at),
  due_at: presentTime(row.due_at),
  next_attempt_at: row.status === 'waiting' && row.next_attempt_at > 0 ? presentTime(row.next_attempt_at) : null,
  last_attempt_at: presentTimeOrNull(row.last_attempt_at),
  finished_at: presentTimeOrNull(row.finished_at),
})

/** GET /v1/deliveries: who was told of what, and what became of it. */
export async function deliveryRoutes(plain: FastifyInstance, deliveries: DeliveryService) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  scope.get(
    '/v1/deliveries',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What was told to whom, newest first',
        description: 'status and channel may be repeated. Of the messages themselves nothing is shown.',
        tags: ['deliveries'],
        querystring: Type.Object(
          {
            status: Type.Optional(Type.Array(oneOf<DeliveryStatus>(DELIVERY_STATUSES), { maxItems: 20 })),
            channel: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 20 })),
            alert_uid: Type.Optional(UidText),
            org: Type.Optional(UidText),
            ...Paging,
          },
          closed,
        ),
        response: { 200: pageSchema(DeliveryView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { status, channel, alert_uid, cursor, limit } = request.query
      const org = tenantOf(callerOf(request), request.query.org, undefined)
      if (org === null) return refuseOrg(reply)
      const filter = { org, status, channel, alert: alert_uid }
      const page = await deliveries.list(filter, cursor ?? null, limit ?? DEFAULT_PAGE_SIZE)
      return { items: page.items.map(presentDelivery), next_cursor: page.next_cursor }
    },
  )
}
