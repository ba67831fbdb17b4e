import { type Static, Type } from 'typebox'
import { ASSIGNEE, NOT_BLANK, ONE_LINE } from './readable-text.ts'

export const ALERT_STATUSES = ['new', 'in_progress', 'on_hold', 'resolved', 'closed'] as const
export type AlertStatus = (typeof ALERT_STATUSES)[number]

/** What an alert turned out to be; apart from its status, which says how far the work on it is. */
export const VERDICTS = ['theft', 'policy_breach', 'authorised', 'false_positive', 'misconfiguration', 'test'] as const
export type Verdict = (typeof VERDICTS)[number]

export const TRIAGE_LIMITS = { noteLength: 4_000, labels: 20, labelLength: 64, assigneeLength: 256 } as const

/** Where an alert stands with the analysts. */
export interface TriageState {
  readonly status: AlertStatus
  readonly verdict: Verdict | null
  readonly assignee: string | null
  readonly labels: readonly string[]
}

/** Text for others to read, over several lines where need be. */
export const NoteText = Type.String({ pattern: NOT_BLANK, maxLength: TRIAGE_LIMITS.noteLength })
const Label = Type.String({ pattern: ONE_LINE, maxLength: TRIAGE_LIMITS.labelLength })
const Assignee = Type.String({ pattern: ASSIGNEE, maxLength: TRIAGE_LIMITS.assigneeLength })

/** What an analyst changes; what is left out stays. */
export const TriageChange = Type.Object(
  {
    status: Type.Optional(Type.Unsafe<AlertStatus>(Type.Enum([...ALERT_STATUSES]))),
    verdict: Type.Optional(Type.Union([Type.Unsafe<Verdict>(Type.Enum([...VERDICTS])), Type.Null()])),
    assignee: Type.Optional(Type.Union([Assignee, Type.Null()])),
    add_labels: Type.Optional(Type.Array(Label, { maxItems: TRIAGE_LIMITS.labels })),
    remove_labels: Type.Optional(Type.Array(Label, { maxItems: TRIAGE_LIMITS.labels })),
    note: Type.Optional(NoteText),
  },
  { additionalProperties: false, $id: 'TriageChange' },
)
export type TriageChange = Static<typeof TriageChange>

/** One thing an analyst did, as it is kept for ever. */
export type TriageAction =
  | { readonly action: 'status'; readonly from: AlertStatus; readonly to: AlertStatus }
  | { readonly action: 'verdict'; readonly from: Verdict | null; readonly to: Verdict | null }
  | { readonly action: 'assignee'; readonly from: string | null; readonly to: string | null }
  | { readonly action: 'label_added'; readonly label: string }
  | { readonly action: 'label_removed'; readonly label: string }
  | { readonly action: 'note'; readonly text: string }

/** Who did something: the token, by its uid and its name at the time. */
export interface Analyst {
  readonly token_uid: string
  readonly name: string
}
