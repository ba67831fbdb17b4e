import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { translateAlert } from '../../alerts/translate-alert.ts'
import type { Language } from '../../model/language.ts'
import { sees, tenantOf } from '../access.ts'
import { AlertQuery, filterOf } from '../alert-query.ts'
import { LanguageQuery, wordsFor } from '../language.ts'
import { callerOf } from '../plugins/auth.ts'
import { presentAlert, presentEvent } from '../present.ts'
import { problemResponse, refuseOrg, sendProblem } from '../problem.ts'
import { AlertView, closed, DEFAULT_PAGE_SIZE, EventView, Paging, pageSchema, UidText } from '../schemas.ts'
import type { AlertService } from '../services.ts'
import { createShownAlerts, pageOfJson } from '../shown-alerts.ts'
import { etagOf } from './triage.ts'

/** As fastify's types want a schema. */
const ALERT_SCHEMA: Record<string, unknown> = { ...AlertView }
/** Some pages in the languages of a team. */
const MOST_SHOWN_BYTES = 8 * 1024 * 1024

/** GET /v1/alerts, one of them, and the events behind it. */
export async function alertRoutes(plain: FastifyInstance, alerts: AlertService, language: Language) {
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  const params = Type.Object({ alert_uid: UidText })
  const shown = createShownAlerts(alerts, MOST_SHOWN_BYTES)

  scope.get(
    '/v1/alerts',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Alerts, newest first',
        description: 'status, severity and detector may be repeated; one of each is enough.',
        tags: ['alerts'],
        querystring: Type.Object({ ...AlertQuery.properties, ...LanguageQuery }, closed),
        response: { 200: Type.Unsafe<Buffer>(pageSchema(AlertView)), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const org = tenantOf(callerOf(request), request.query.org, undefined)
      if (org === null) return refuseOrg(reply)
      const filter = filterOf(request.query, org)
      if (Array.isArray(filter)) {
        return sendProblem(reply, 'invalid-request', 'See errors for what is wrong and what is allowed.', filter)
      }
      const page = await alerts.list(filter, request.query.cursor ?? null, request.query.limit ?? DEFAULT_PAGE_SIZE)
      const words = wordsFor(request, reply, language)
      const items = await shown.show(page.items, words, (alert) => reply.serializeInput({ ...alert }, ALERT_SCHEMA))
      reply.type('application/json; charset=utf-8')
      return pageOfJson(items, page.next_cursor)
    },
  )

  scope.get(
    '/v1/alerts/:alert_uid',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'One alert',
        tags: ['alerts'],
        params,
        querystring: Type.Object(LanguageQuery, closed),
        response: { 200: AlertView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const alert = await alerts.get(request.params.alert_uid)
      // Another tenant's alert is answered like one that is not there.
      if (alert === null || !sees(callerOf(request), alert.org_uid)) return sendProblem(reply, 'not-found')
      reply.header('etag', etagOf(alert))
      const words = wordsFor(request, reply, language)
      return presentAlert(translateAlert(alert, words), words)
    },
  )

  scope.get(
    '/v1/alerts/:alert_uid/events',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'The events behind an alert, oldest first',
        tags: ['alerts'],
        params,
        querystring: Type.Object(Paging, closed),
        response: { 200: pageSchema(EventView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { alert_uid } = request.params
      const alert = await alerts.get(alert_uid)
      if (alert === null || !sees(callerOf(request), alert.org_uid)) return sendProblem(reply, 'not-found')
      const page = await alerts.events(
        alert_uid,
        request.query.cursor ?? null,
        request.query.limit ?? DEFAULT_PAGE_SIZE,
      )
      if (page === null) return sendProblem(reply, 'not-found')
      return { items: page.items.map(presentEvent), next_cursor: page.next_cursor }
    },
  )
}
