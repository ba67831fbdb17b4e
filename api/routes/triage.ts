import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Catalogue } from '../../messages/catalogue.ts'
import { catalogueOf } from '../../messages/catalogues.ts'
import type { Language } from '../../model/language.ts'
import { NoteText, TriageChange } from '../../model/triage.ts'
import { sees, tenantOf } from '../access.ts'
import { AlertQuery, filterOf } from '../alert-query.ts'
import { analystOf, callerOf } from '../plugins/auth.ts'
import { presentAlert, presentAuditEntry, presentBulk, presentVerdicts } from '../present.ts'
import { problemResponse, refuseField, refuseOrg, sendProblem } from '../problem.ts'
import {
  AlertView,
  BulkAnswer,
  closed,
  DEFAULT_PAGE_SIZE,
  HistoryEntryView,
  Paging,
  pageSchema,
  UidText,
  VerdictsView,
} from '../schemas.ts'
import { type AlertService, MOST_AT_ONCE, type TriageOutcome, type TriageService } from '../services.ts'
import { parseTime, TIME_RULE, TimeInput } from '../times.ts'

const Note = Type.Object({ text: NoteText }, closed)
const { cursor: _, limit: __, ...AlertCriteria } = AlertQuery.properties
const Bulk = Type.Object(
  {
    change: TriageChange,
    alerts: Type.Optional(
      Type.Array(Type.Object({ alert_uid: UidText, version: Type.Integer({ minimum: 1 }) }, closed), {
        minItems: 1,
        maxItems: MOST_AT_ONCE,
        description: 'These, each as long as it is at the version given.',
      }),
    ),
    filter: Type.Optional(
      Type.Object(AlertCriteria, {
        ...closed,
        minProperties: 1,
        description: `All that meet the filter at the moment of the change, at most ${MOST_AT_ONCE}.`,
      }),
    ),
  },
  closed,
)

/** What analysts do with alerts: change one, note, change many; and what was done. */
export async function triageRoutes(
  plain: FastifyInstance,
  alerts: AlertService,
  desk: TriageService,
  language: Language,
) {
  const words = catalogueOf(language)
  const answer = (reply: FastifyReply, outcome: TriageOutcome) => answerIn(words, reply, outcome)
  const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
  const params = Type.Object({ alert_uid: UidText })

  scope.patch(
    '/v1/alerts/:alert_uid',
    {
      config: { needs: 'triage' },
      schema: {
        summary: 'Change an alert’s status, verdict, assignee or labels',
        description:
          'If-Match takes the ETag of the alert as it was seen; 412 when it was changed since. What is left out stays. A note may go with it.',
        tags: ['triage'],
        params,
        headers: Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 64 })) }),
        body: TriageChange,
        response: { 200: AlertView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const match = request.headers['if-match']
      if (match === undefined)
        return sendProblem(reply, 'precondition-required', 'Send If-Match with the alert’s ETag.')
      const version = versionOf(match)
      if (version === null)
        return refuseField(reply, '/headers/if-match', 'must be an ETag that an alert had, such as "3"')
      const { alert_uid } = request.params
      const caller = callerOf(request)
      const asked = { alert_uid, version }
      return answer(reply, await desk.change(asked, request.body, analystOf(caller), (org) => sees(caller, org)))
    },
  )

  scope.post(
    '/v1/alerts/:alert_uid/notes',
    {
      config: { needs: 'triage' },
      schema: {
        summary: 'Add a note; notes are never changed or deleted',
        tags: ['triage'],
        params,
        body: Note,
        response: { 200: AlertView, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const asked = { alert_uid: request.params.alert_uid, version: null }
      const change = { note: request.body.text }
      return answer(reply, await desk.change(asked, change, analystOf(caller), (org) => sees(caller, org)))
    },
  )

  scope.get(
    '/v1/alerts/:alert_uid/history',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What analysts did with an alert, and their notes, oldest first',
        tags: ['triage'],
        params,
        querystring: Type.Object(Paging, closed),
        response: { 200: pageSchema(HistoryEntryView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { alert_uid } = request.params
      const alert = await alerts.get(alert_uid)
      if (alert === null || !sees(callerOf(request), alert.org_uid)) return sendProblem(reply, 'not-found')
      const { cursor = null, limit = DEFAULT_PAGE_SIZE } = request.query
      const page = await desk.history(alert_uid, cursor, limit)
      return { items: page.items.map(presentAuditEntry), next_cursor: page.next_cursor }
    },
  )

  scope.post(
    '/v1/alerts/bulk',
    {
      config: { needs: 'triage' },
      schema: {
        summary: 'One change on many alerts, each by itself',
        description: 'Either `alerts` or `filter`. What could not be changed is listed with its reason.',
        tags: ['triage'],
        body: Bulk,
        response: { 200: BulkAnswer, '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const { change, alerts: named, filter } = request.body
      const caller = callerOf(request)
      if ((named === undefined) === (filter === undefined))
        return refuseField(reply, '/body', 'give either alerts or filter')
      if (named !== undefined)
        return presentBulk(await desk.changeAll(named, change, analystOf(caller), (org) => sees(caller, org)))
      return changeMatching(reply, filter ?? {}, caller, change)
    },
  )

  const changeMatching = async (
    reply: FastifyReply,
    criteria: Static<typeof Bulk>['filter'] & object,
    caller: ReturnType<typeof callerOf>,
    change: TriageChange,
  ) => {
    const org = tenantOf(caller, criteria.org, undefined)
    if (org === null) return refuseOrg(reply)
    const filter = filterOf(criteria, org, '/body/filter')
    if (Array.isArray(filter)) return sendProblem(reply, 'invalid-request', undefined, filter)
    const result = await desk.changeMatching(filter, change, analystOf(caller))
    if (!('kind' in result)) return presentBulk(result)
    return refuseField(reply, '/body/filter', `holds more than ${MOST_AT_ONCE} alerts: narrow it`)
  }

  scope.get(
    '/v1/verdicts',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What alerts turned out to be, by leading detector, and the precision that follows',
        tags: ['triage'],
        querystring: Type.Object(
          {
            org: Type.Optional(UidText),
            from: Type.Optional({ ...TimeInput, description: 'Opened from here on: RFC 3339 or epoch milliseconds.' }),
          },
          closed,
        ),
        response: { 200: pageSchema(VerdictsView), '4xx': problemResponse },
      },
    },
    async (request, reply) => {
      const org = tenantOf(callerOf(request), request.query.org, undefined)
      if (org === null) return refuseOrg(reply)
      const from = request.query.from === undefined ? 0 : parseTime(request.query.from)
      if (from === null) return refuseField(reply, '/query/from', TIME_RULE)
      return { items: (await desk.verdicts(org, from)).map(presentVerdicts), next_cursor: null }
    },
  )
}

const versionOf = (etag: string): number | null => {
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(etag)?.[1]
  return version === undefined ? null : Number(version)
}

/** The ETag of an alert's version. */
export const etagOf = ({ version }: { readonly version: number }): string => `"${version}"`

function answerIn(words: Catalogue, reply: FastifyReply, outcome: TriageOutcome) {
  switch (outcome.kind) {
    case 'absent':
      return sendProblem(reply, 'not-found')
    case 'stale':
      reply.header('etag', etagOf(outcome))
      return sendProblem(reply, 'precondition-failed', 'The alert was changed since: read it again.')
    case 'refused':
      return refuseField(reply, `/body${outcome.path}`, outcome.message, 'conflict')
    default:
      reply.header('etag', etagOf(outcome.alert))
      return presentAlert(outcome.alert, words)
  }
}
