import { type Static, type TSchema, type TSchemaOptions, Type } from 'typebox'
import { Alert, Contribution, Finding } from '../model/alert.ts'
import { ContactAccessEvent } from '../model/event.ts'
import { MEASURES, type Measure, WINDOWS, type Window } from '../model/measure.ts'
import { NOT_BLANK } from '../model/readable-text.ts'
import { StaffRecord } from '../model/staff.ts'
import { SUPPRESSION_EFFECTS, type SuppressionEffect, SuppressionScope } from '../model/suppression.ts'
import { ALERT_STATUSES, type AlertStatus, VERDICTS, type Verdict } from '../model/triage.ts'
import { TOKEN_ROLES, type TokenRole } from './services.ts'
import { DateTime } from './times.ts'

/** The shapes of the API: the model's, with every time as RFC 3339. */

export const orNull = <T extends TSchema>(schema: T, options: TSchemaOptions = {}) =>
  Type.Union([schema, Type.Null()], options)
/** An object that has no other fields. */
export const closed = { additionalProperties: false }

export const StaffView = Type.Object({ ...StaffRecord.properties, recorded_at: DateTime }, closed)
export type StaffView = Static<typeof StaffView>

export const FindingView = Type.Object(
  { ...Finding.properties, time: DateTime, window_from: DateTime, window_to: DateTime },
  closed,
)
export type FindingView = Static<typeof FindingView>

const { portfolio_size: _, ...alertStaff } = StaffView.properties
export const AlertView = Type.Object(
  {
    ...Alert.properties,
    opened_at: DateTime,
    updated_at: DateTime,
    detected_at: DateTime,
    closed_at: orNull(DateTime),
    window: Type.Object({ from: DateTime, to: DateTime }, closed),
    staff: orNull(Type.Object(alertStaff, closed)),
    findings: Type.Array(FindingView),
    reasons: Type.Array(
      Type.Object({ ...Contribution.properties, text: Type.String({ description: 'On one line.' }) }, closed),
      {
        description: 'What makes up the risk, as the leading finding has it, the largest part first.',
      },
    ),
  },
  closed,
)
export type AlertView = Static<typeof AlertView>

export const EventView = Type.Object(
  { ...ContactAccessEvent.properties, time: DateTime, ingested_time: DateTime },
  closed,
)
export type EventView = Static<typeof EventView>

export const ActorReport = Type.Object(
  {
    actor_uid: Type.String(),
    org_uid: Type.String(),
    leaver: Type.Unsafe<'none' | 'notice' | 'left'>(Type.Enum(['none', 'notice', 'left'])),
    staff: orNull(StaffView),
    first_seen: orNull(DateTime),
    last_seen: orNull(DateTime),
    risk: Type.Number({ minimum: 0, maximum: 100, description: 'What the scores of the last days come to.' }),
    windows: Type.Array(
      Type.Object(
        {
          measure: Type.Unsafe<Measure>(Type.Enum([...MEASURES])),
          window: Type.Unsafe<Window>(Type.Enum([...WINDOWS])),
          count: Type.Number(),
          expected: Type.Number({ description: 'What is usual for this actor.' }),
          expected_peers: Type.Number({ description: 'What is usual for the role.' }),
          limit: Type.Number({ description: 'Above this it is a finding.' }),
          baseline_days: Type.Number(),
        },
        closed,
      ),
    ),
    alerts: Type.Array(AlertView),
  },
  closed,
)
export type ActorReport = Static<typeof ActorReport>

export const TokenView = Type.Object(
  {
    token_uid: Type.String(),
    name: Type.String(),
    role: Type.Unsafe<TokenRole>(Type.Enum([...TOKEN_ROLES])),
    org_uid: orNull(Type.String()),
    created_at: DateTime,
    revoked_at: orNull(DateTime),
  },
  closed,
)
export type TokenView = Static<typeof TokenView>

export const ExaminationView = Type.Object(
  {
    from: { ...DateTime, description: 'Held to the leaver’s cut from here on.' },
    to: orNull({ ...DateTime, description: 'The newest event.' }),
    findings: Type.Integer({ minimum: 0, description: 'Findings at that cut: each is new, known or suppressed.' }),
    findings_new: Type.Integer({ minimum: 0, description: 'Those that opened or extended an alert.' }),
    findings_known: Type.Integer({
      minimum: 0,
      description:
        'Those that say nothing that their alert does not say already, or nothing worse where that is resolved or closed.',
    }),
    findings_suppressed: Type.Integer({ minimum: 0, description: 'Those that a suppression holds back.' }),
    alerts: Type.Array(AlertView, { description: 'Alerts that they opened or extended.' }),
    known_in: Type.Array(Type.String(), { description: 'Uids of other alerts, which hold the known ones.' }),
  },
  closed,
)
export type ExaminationView = Static<typeof ExaminationView>

const Status = Type.Unsafe<AlertStatus>(Type.Enum([...ALERT_STATUSES]))
const VerdictOrNull = orNull(Type.Unsafe<Verdict>(Type.Enum([...VERDICTS])))
const done = { at: DateTime, by: Type.Object({ token_uid: Type.String(), name: Type.String() }, closed) }
const action = <A extends string, P extends Record<string, TSchema>>(name: A, properties: P) =>
  Type.Object({ ...done, action: Type.Literal(name), ...properties }, closed)

export const ExaminationEntryView = Type.Object(
  { ...done, reason: Type.String(), from: DateTime, to: orNull(DateTime) },
  closed,
)
export type ExaminationEntryView = Static<typeof ExaminationEntryView>

/** One thing an analyst did with an alert. */
export const HistoryEntryView = Type.Union([
  action('status', { from: Status, to: Status }),
  action('verdict', { from: VerdictOrNull, to: VerdictOrNull }),
  action('assignee', { from: orNull(Type.String()), to: orNull(Type.String()) }),
  action('label_added', { label: Type.String() }),
  action('label_removed', { label: Type.String() }),
  action('note', { text: Type.String() }),
])
export type HistoryEntryView = Static<typeof HistoryEntryView>

export const BulkAnswer = Type.Object(
  {
    changed: Type.Integer({ minimum: 0 }),
    unchanged: Type.Integer({ minimum: 0, description: 'They were so already.' }),
    failed: Type.Array(Type.Object({ alert_uid: Type.String(), reason: Type.String() }, closed)),
  },
  closed,
)

export type BulkAnswer = Static<typeof BulkAnswer>

export const VerdictsView = Type.Object(
  {
    detector: Type.String(),
    alerts: Type.Object(
      {
        theft: Type.Integer(),
        policy_breach: Type.Integer(),
        authorised: Type.Integer(),
        false_positive: Type.Integer(),
        misconfiguration: Type.Integer(),
        test: Type.Integer(),
        none: Type.Integer({ description: 'Without a verdict.' }),
      },
      closed,
    ),
    precision: orNull(
      Type.Number({ description: 'Share of theft and policy_breach among the verdicts, tests left out.' }),
    ),
  },
  closed,
)
export type VerdictsView = Static<typeof VerdictsView>

export const SuppressionView = Type.Object(
  {
    suppression_uid: Type.String(),
    org_uid: Type.String(),
    effect: Type.Unsafe<SuppressionEffect>(Type.Enum([...SUPPRESSION_EFFECTS])),
    scope: SuppressionScope,
    reason: Type.String(),
    created_by: Type.String(),
    created_at: DateTime,
    starts_at: DateTime,
    ends_at: DateTime,
    revoked_by: orNull(Type.String()),
    revoked_at: orNull(DateTime),
    suppressed: Type.Integer({ minimum: 0, description: 'Findings or events held back so far.' }),
    last_suppressed_at: orNull(DateTime),
  },
  closed,
)
export type SuppressionView = Static<typeof SuppressionView>

export const IngestAnswer = Type.Object(
  {
    accepted: Type.Integer({ minimum: 0 }),
    duplicates: Type.Integer({ minimum: 0, description: 'Known already; nothing was changed.' }),
    rejected: Type.Array(
      Type.Object(
        { line: Type.Integer({ minimum: 1, description: 'Counted from 1.' }), reason: Type.String() },
        closed,
      ),
    ),
  },
  closed,
)
export type IngestAnswer = Static<typeof IngestAnswer>

export const HealthAnswer = Type.Object({
  status: Type.Unsafe<'ok' | 'not ok'>(Type.Enum(['ok', 'not ok'])),
  checks: Type.Optional(
    Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), detail: Type.String() }, closed), {
      description: 'Shown to tokens that may read.',
    }),
  ),
})
export type HealthAnswer = Static<typeof HealthAnswer>

export const pageSchema = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next_cursor: orNull(Type.String()) }, closed)

export const DEFAULT_PAGE_SIZE = 50
/** A name of a query that may stand in it several times, with one of these values each. */
export const repeatable = <const T extends readonly string[]>(values: T) =>
  Type.Optional(Type.Array(Type.Unsafe<T[number]>(Type.Enum([...values])), { maxItems: 20 }))
export const Paging = {
  cursor: Type.Optional(Type.String({ maxLength: 1_024, description: 'next_cursor of the page before.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: DEFAULT_PAGE_SIZE })),
}
/** Why somebody does something, which others are to read later. */
export const reasonText = (maxLength: number) => Type.String({ pattern: NOT_BLANK, maxLength })
export const UidText = Type.String({ minLength: 1, maxLength: 256 })
