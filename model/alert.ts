import { type Static, Type } from 'typebox'
import { CONTRIBUTION_KINDS, type ContributionKind, FindingFacts } from './finding-facts.ts'
import { MEASURES, type Measure, WINDOWS, type Window } from './measure.ts'
import { StaffRecord } from './staff.ts'
import { ALERT_STATUSES, type AlertStatus, VERDICTS, type Verdict } from './triage.ts'

export { ALERT_STATUSES, type AlertStatus } from './triage.ts'

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Time = Type.Integer({ description: 'Epoch milliseconds UTC.' })

/** One reason for a finding, and how much of the day's risk it makes up. */
export const Contribution = Type.Object({
  test: Type.String({ description: 'What was compared, such as `contacts_copied.1h`.' }),
  kind: Type.Unsafe<ContributionKind>(Type.Enum([...CONTRIBUTION_KINDS])),
  measure: nullable(Type.Unsafe<Measure>(Type.Enum([...MEASURES]))),
  window: nullable(Type.Unsafe<Window>(Type.Enum([...WINDOWS]))),
  observed: Type.Number(),
  expected: nullable(Type.Number({ description: 'What is usual for this actor; null without days of their own.' })),
  expected_peers: nullable(Type.Number({ description: 'What is usual for the role.' })),
  weight: nullable(
    Type.Number({ description: '-log10 of the share of the role’s person-days on which it was as surprising.' }),
  ),
  part: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Its part in the day’s risk; all parts together make 1 at most, the rest being lesser signs.',
  }),
  share: Type.Optional(
    Type.Object(
      {
        among: Type.Unsafe<Measure>(Type.Enum([...MEASURES], { description: 'Of what it is a share.' })),
        seen: Type.Number({ description: 'The share that was seen; 1 is all.' }),
        expected: nullable(
          Type.Number({ description: 'The share that is usual for this actor; null without days of their own.' }),
        ),
        expected_peers: Type.Number({ description: 'The share that is usual for the role.' }),
      },
      {
        additionalProperties: false,
        description: 'Of kind `share` alone: what was compared. Alerts that older versions stored lack it.',
      },
    ),
  ),
})
export type Contribution = Static<typeof Contribution>

/** One detector's statement about one actor at one moment, with the numbers behind it. */
export const Finding = Type.Object(
  {
    detector: Type.String(),
    time: Time,
    score: Type.Number({ minimum: 0, maximum: 100 }),
    measure: nullable(Type.Unsafe<Measure>(Type.Enum([...MEASURES]))),
    window: nullable(Type.Unsafe<Window>(Type.Enum([...WINDOWS]))),
    window_from: Time,
    window_to: Time,
    observed: nullable(Type.Number()),
    expected: nullable(Type.Number({ description: 'What is usual for this actor; null without days of their own.' })),
    expected_peers: nullable(Type.Number({ description: 'What is usual for the role.' })),
    baseline_days: Type.Integer({ minimum: 0 }),
    tail_log10: nullable(Type.Number({ description: 'log10 of the probability of this much or more.' })),
    look_back: Type.Boolean({ description: 'Found when a notice, or an analyst, had the past examined again.' }),
    sentence: Type.String({ description: 'Why, in the language of the configuration or the one asked for.' }),
    facts: Type.Optional(FindingFacts),
    contributions: Type.Optional(
      Type.Array(Contribution, { description: 'What makes up the day’s risk, the largest part first.' }),
    ),
  },
  { $id: 'Finding' },
)
export type Finding = Static<typeof Finding>

/** A finding as a detector makes it, before it is said in a language. */
export type DetectedFinding = Omit<Finding, 'sentence'>

/** An actor's episode: findings grouped and scored, with a life of its own. */
export const Alert = Type.Object(
  {
    alert_uid: Type.String(),
    org_uid: Type.String(),
    actor_uid: Type.String(),
    detector: Type.String({ description: 'The leading finding’s detector.' }),
    detectors: Type.Array(Type.String()),
    score: Type.Number({ minimum: 0, maximum: 100 }),
    severity: Type.Unsafe<Severity>(Type.Enum([...SEVERITIES])),
    status: Type.Unsafe<AlertStatus>(Type.Enum([...ALERT_STATUSES])),
    verdict: nullable(Type.Unsafe<Verdict>(Type.Enum([...VERDICTS]))),
    assignee: nullable(Type.String({ description: 'Who works on it.' })),
    labels: Type.Array(Type.String()),
    version: Type.Integer({ minimum: 1, description: 'Rises with every change, by findings or by analysts.' }),
    follows: nullable(Type.String({ description: 'The alert of the same episode that this one goes beyond.' })),
    closed_at: nullable(
      Type.Integer({ description: 'Wall clock at which it was resolved or closed; null while it is open.' }),
    ),
    leaver: Type.Boolean(),
    opened_at: Time,
    updated_at: Time,
    detected_at: Type.Integer({ description: 'Wall clock of the commit that opened it, epoch milliseconds UTC.' }),
    window: Type.Object({ from: Time, to: Time }),
    summary: Type.String(),
    staff: nullable(Type.Omit(StaffRecord, ['portfolio_size'])),
    findings: Type.Array(Finding),
  },
  { $id: 'Alert' },
)
export type Alert = Static<typeof Alert>
