import { type Static, Type } from 'typebox'
import { SEVERITIES, type Severity } from '../model/alert.ts'
import { ALERT_STATUSES, type AlertStatus, VERDICTS, type Verdict } from '../model/triage.ts'
import type { ProblemErrors } from './problem.ts'
import { closed, Paging, repeatable, UidText } from './schemas.ts'
import type { AlertFilter } from './services.ts'
import { parseTime, TIME_RULE, TimeInput } from './times.ts'

/** What lists of alerts are asked by. */
export const AlertQuery = Type.Object(
  {
    status: repeatable<readonly AlertStatus[]>(ALERT_STATUSES),
    severity: repeatable<readonly Severity[]>(SEVERITIES),
    verdict: repeatable<readonly (Verdict | 'none')[]>([...VERDICTS, 'none']),
    detector: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 20 })),
    actor: Type.Optional(UidText),
    assignee: Type.Optional({ ...UidText, description: 'Who works on it; `none` for nobody.' }),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    leaver: Type.Optional(Type.Boolean()),
    from: Type.Optional({ ...TimeInput, description: 'opened_at from here on: RFC 3339 or epoch milliseconds.' }),
    to: Type.Optional({ ...TimeInput, description: 'opened_at before this: RFC 3339 or epoch milliseconds.' }),
    org: Type.Optional(UidText),
    ...Paging,
  },
  closed,
)

/** The filter of a query, or what is wrong with it; `at` is where the query stands in the request. */
export function filterOf(
  query: Omit<Static<typeof AlertQuery>, 'cursor' | 'limit'>,
  org: string | undefined,
  at = '/query',
): AlertFilter | ProblemErrors {
  const { status, severity, verdict, detector, actor, label, leaver } = query
  const from = query.from === undefined ? undefined : parseTime(query.from)
  const to = query.to === undefined ? undefined : parseTime(query.to)
  if (from === null) return [{ path: `${at}/from`, message: TIME_RULE }]
  if (to === null) return [{ path: `${at}/to`, message: TIME_RULE }]
  const assignee = query.assignee === 'none' ? null : query.assignee
  return { org, status, severity, verdict, detector, actor, assignee, label, leaver, from, to }
}
