import {
  ACTIONS,
  ACTOR_TYPES,
  CHANNELS,
  type ContactAccessEvent,
  OBJECT_TYPES,
  OUTCOMES,
  RECORD_COUNT_BASES,
} from './event.ts'

/** Rules of the operator's own: Sigma detections and correlations, read and linked, ready to be run. */

export const RULE_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type RuleLevel = (typeof RULE_LEVELS)[number]

export const CORRELATION_TYPES = ['event_count', 'value_count', 'value_sum', 'temporal', 'temporal_ordered'] as const
export type CorrelationType = (typeof CORRELATION_TYPES)[number]

/** `list`: several texts; a test holds when one of them passes. */
export type RuleFieldType = 'text' | 'number' | 'boolean' | 'list'

export interface RuleFieldSpec {
  readonly type: RuleFieldType
  /** All values there are; null when any text is possible. */
  readonly values: readonly string[] | null
}

const text = { type: 'text', values: null } as const
const number = { type: 'number', values: null } as const
const boolean = { type: 'boolean', values: null } as const
const list = { type: 'list', values: null } as const
const oneOf = <const V extends readonly string[]>(values: V) => ({ type: 'text', values }) as const

/** What a rule may ask of an event: the canonical event's fields, its source, and the staff record at that time. */
export const RULE_FIELDS = {
  event_uid: text,
  time: number,
  org_uid: text,
  source: text,
  source_product: text,
  source_event_type: text,
  actor_uid: text,
  actor_name: text,
  actor_type: oneOf(ACTOR_TYPES),
  on_behalf_of_uid: text,
  action: oneOf(ACTIONS),
  object_type: oneOf(OBJECT_TYPES),
  object_uids: list,
  object_uids_complete: boolean,
  record_count: number,
  record_count_basis: oneOf(RECORD_COUNT_BASES),
  logical_op_uid: text,
  chunk_seq: number,
  owner_uids: list,
  columns: list,
  has_contact_fields: boolean,
  channel: oneOf(CHANNELS),
  src_ip: text,
  user_agent: text,
  session_uid: text,
  device_uid: text,
  client_app: text,
  recipient_uids: list,
  query_text: text,
  export_format: text,
  bytes: number,
  outcome: oneOf(OUTCOMES),
  raw_ref: text,
  'actor.role': text,
  'actor.team': text,
  'actor.leaver': oneOf(['none', 'notice', 'left']),
} as const satisfies Record<Exclude<keyof ContactAccessEvent, 'ingested_time'>, RuleFieldSpec> &
  Record<string, RuleFieldSpec>
export type RuleField = keyof typeof RULE_FIELDS

export const isRuleField = (name: string): name is RuleField => Object.hasOwn(RULE_FIELDS, name)
export const specOf = (field: RuleField): RuleFieldSpec => RULE_FIELDS[field]

/** A regular expression as a program that is run in time linear in the text. */
export interface Pattern {
  readonly steps: readonly PatternStep[]
  readonly ignoreCase: boolean
  /** `^` and `$` hold at every line. */
  readonly multiline: boolean
}
export type PatternStep =
  /** One character inside, or with `negated` outside, of the ranges: pairs of first and last code point. */
  | { readonly op: 'char'; readonly ranges: readonly number[]; readonly negated: boolean }
  | { readonly op: 'fork'; readonly first: number; readonly second: number }
  | { readonly op: 'start' }
  | { readonly op: 'end' }
  | { readonly op: 'done' }

export const COMPARISONS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const
export interface Comparison {
  readonly op: (typeof COMPARISONS)[number]
  readonly value: number
}

/** What is asked of one value. Texts are in lower case unless `cased`. */
export type FieldTest =
  | { readonly is: 'missing' }
  | { readonly is: 'present' }
  | { readonly is: 'boolean'; readonly value: boolean }
  | { readonly is: 'number'; readonly compare: Comparison }
  | { readonly is: 'among'; readonly texts: readonly string[]; readonly cased: boolean }
  | { readonly is: 'starts' | 'ends' | 'contains'; readonly text: string; readonly cased: boolean }
  | { readonly is: 'pattern'; readonly pattern: Pattern }
  | { readonly is: 'network'; readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' }

export type Expression =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: 'test'; readonly field: RuleField; readonly test: FieldTest }

interface RuleHead {
  /** Unique among all rules; in metrics, and in findings as `custom:NAME`. */
  readonly name: string
  readonly title: string
  readonly level: RuleLevel
}

export interface DetectionRule extends RuleHead {
  readonly kind: 'detection'
  readonly where: Expression
}

/** Where a value for a group or a count is taken from: the event, or a part of the group of the rule referred to. */
export type ValueRef =
  | { readonly from: 'event'; readonly field: RuleField }
  | { readonly from: 'group'; readonly part: number }

export interface CorrelationInput {
  /** Position in the set of the rule referred to; always before this rule's own. */
  readonly rule: number
  /** One per name in `groupBy`. */
  readonly groupBy: readonly ValueRef[]
  /** One per name in `fields`. */
  readonly values: readonly ValueRef[]
}

export interface CorrelationRule extends RuleHead {
  readonly kind: 'correlation'
  readonly type: CorrelationType
  readonly inputs: readonly CorrelationInput[]
  /** As written: fields or aliases. */
  readonly groupBy: readonly string[]
  /** What value_count and value_sum count. */
  readonly fields: readonly string[]
  readonly timespanMs: number
  /** All of them must hold. */
  readonly condition: readonly Comparison[]
  /** Makes findings; the others only feed rules that refer to them. */
  readonly reported: boolean
}

/** Every rule stands behind the rules it refers to. */
export type CustomRuleSet = readonly (DetectionRule | CorrelationRule)[]

export const compares = ({ op, value }: Comparison, observed: number): boolean => {
  switch (op) {
    case 'gt':
      return observed > value
    case 'gte':
      return observed >= value
    case 'lt':
      return observed < value
    case 'lte':
      return observed <= value
    case 'eq':
      return observed === value
    case 'neq':
      return observed !== value
  }
}

export const CUSTOM_RULE_LIMITS = {
  /** Size of one rule file, in bytes. */
  fileBytes: 1_048_576,
  files: 1_000,
  rules: 2_000,
  /** Rules that one correlation refers to. */
  inputs: 30,
  groupByFields: 10,
  timespanMs: 28 * 86_400_000,
  /** Length of a regular expression, and of the program made of it. */
  patternLength: 1_000,
  patternSteps: 1_000,
  /** Levels of brackets and of `not` in a condition, and of brackets in a regular expression. */
  nesting: 50,
} as const
