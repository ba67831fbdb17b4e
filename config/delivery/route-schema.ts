import { type Static, Type } from 'typebox'
import { duration, SEVERITY_LIST, timeSpans } from './channel-schema.ts'

const closed = { additionalProperties: false }
const names = (description: string, allowed: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 100, description, allowed })

export const MatchSchema = Type.Object(
  {
    severity: Type.Optional(SEVERITY_LIST('Severity of the alert.')),
    detector: Type.Optional(
      names('A detector that has a finding in it.', 'a list of detectors’ ids, `custom:NAME` for own rules'),
    ),
    team: Type.Optional(names('The person’s team, as HR’s record spells it.', 'a list of texts')),
    org: Type.Optional(names('Tenant.', 'a list of texts')),
    leaver: Type.Optional(
      Type.Boolean({ description: 'Whether the person is leaving or gone.', allowed: '`true` or `false`' }),
    ),
    time: Type.Optional(timeSpans('When the alert is made, by the clock of `timezone`.')),
  },
  closed,
)

export const RouteSchema = Type.Object(
  {
    match: Type.Optional({
      ...MatchSchema,
      description: 'All of it must hold; left out, every alert matches.',
      allowed: 'a section',
    }),
    channels: names('Who is told.', 'a list of names under `channels`'),
    updates: Type.Optional(
      Type.Unsafe<'worse' | 'all' | 'none'>(
        Type.Enum(['worse', 'all', 'none'], {
          description:
            'Which later changes are told: for the worse (the default: a higher severity, or the person is leaving now), all, none.',
          allowed: 'one of `worse`, `all`, `none`',
        }),
      ),
    ),
    triage: Type.Optional(
      Type.Boolean({
        description: 'Tell what analysts do with it: status, verdict, assignee, labels, and that there is a note.',
        allowed: '`true` or `false` (the default)',
      }),
    ),
    repeat_after: Type.Optional(
      duration('Tell it again after each such time, as long as nobody has taken it up; 100 times at most.'),
    ),
    escalate_after: Type.Optional(duration('When nobody has taken it up by then, tell `escalate_to`.')),
    escalate_to: Type.Optional(names('Who is told then.', 'a list of names under `channels`')),
  },
  closed,
)

export type RouteSetting = Readonly<Static<typeof RouteSchema>>
