import { RULE_FIELDS, type RuleField, specOf } from '../../model/custom-rule.ts'
import { type EventBatch, type Kind, NONE, objectsOf } from '../../model/event-batch.ts'
import type { LeaverState } from '../../model/staff.ts'
import { createExtraReader } from './read-extra.ts'

/** Where an operation came from. */
export interface EventOrigin {
  readonly src_ip: string | null
  readonly user_agent: string | null
  readonly session_uid: string | null
  readonly device_uid: string | null
}

/** What the codes of a batch stand for. */
export interface RuleLookups {
  readonly kindOf: (code: number) => Kind
  readonly directory: { org(code: number): string; uid(code: number): string }
  readonly originOf: (code: number) => EventOrigin | null
  readonly objectUid: (code: number) => string | null
}

/** What HR says of the actor at the time of the event. */
export interface RuleActor {
  readonly role: string | null
  readonly team: string | null
  readonly leaver: LeaverState
}

export type FieldValue = string | number | boolean | null

/** What the values of a field depend on: answers may be kept by that code. `row`: on nothing that has a code. */
export type FieldScope = 'kind' | 'origin' | 'actor' | 'object' | 'row'

/** Reads one field of rows. */
export interface FieldReader {
  readonly scope: FieldScope
  readonly isList: boolean
  /** The value of a field that is no list. */
  value(batch: EventBatch, i: number, actor: RuleActor): FieldValue
  /** The values of a list; null when there is none of them. */
  list(batch: EventBatch, i: number): readonly string[] | null
}

type SingleReader = (batch: EventBatch, i: number, actor: RuleActor) => FieldValue

export interface RowFields {
  readonly reader: (field: RuleField) => FieldReader
  /** The value of a field that depends on the kind alone. */
  readonly ofKind: (field: RuleField, kind: Kind) => FieldValue
}

const KIND_FIELDS = [
  ...(['source', 'source_product', 'source_event_type', 'actor_type', 'action', 'object_type'] as const),
  ...(['object_uids_complete', 'record_count_basis', 'has_contact_fields', 'channel', 'client_app'] as const),
  ...(['export_format', 'outcome'] as const),
]
const ORIGIN_FIELDS = ['src_ip', 'user_agent', 'session_uid', 'device_uid'] as const
const EXTRA_TEXTS = ['actor_name', 'on_behalf_of_uid', 'query_text', 'raw_ref'] as const
const EXTRA_NUMBERS = ['chunk_seq', 'bytes'] as const
const EXTRA_LISTS = ['columns', 'recipient_uids'] as const

const nothing: SingleReader = () => null
const noList = (): null => null

export function createRowFields(lookups: RuleLookups): RowFields {
  const { kindOf, directory, originOf, objectUid } = lookups
  const extra = createExtraReader()
  const single = (scope: FieldScope, value: SingleReader): FieldReader => ({
    scope,
    isList: false,
    value,
    list: noList,
  })
  const many = (scope: FieldScope, list: FieldReader['list']): FieldReader => ({
    scope,
    isList: true,
    value: nothing,
    list,
  })

  const readers = new Map<RuleField, FieldReader>([
    ['event_uid', single('row', (batch, i) => batch.eventUid.get(i))],
    ['time', single('row', (batch, i) => batch.time[i])],
    ['org_uid', single('actor', (batch, i) => directory.org(batch.actor[i]))],
    ['actor_uid', single('actor', (batch, i) => directory.uid(batch.actor[i]))],
    ['record_count', single('row', (batch, i) => (batch.recordCount[i] === NONE ? null : batch.recordCount[i]))],
    ['logical_op_uid', single('row', (batch, i) => batch.logicalOp[i])],
    ['actor.role', single('row', (_batch, _i, actor) => actor.role)],
    ['actor.team', single('row', (_batch, _i, actor) => actor.team)],
    ['actor.leaver', single('row', (_batch, _i, actor) => actor.leaver)],
    ['object_uids', many('object', (batch, i) => textsOf(objectsOf(batch, i), objectUid))],
    [
      'owner_uids',
      many('row', (batch, i) =>
        batch.owner[i] === NONE ? extra.list(batch.extra[i], 'owner_uids') : [directory.uid(batch.owner[i])],
      ),
    ],
  ])
  for (const field of KIND_FIELDS)
    readers.set(
      field,
      single('kind', (batch, i) => kindOf(batch.kind[i])[field]),
    )
  for (const field of ORIGIN_FIELDS) {
    readers.set(
      field,
      single('origin', (batch, i) => (batch.origin[i] === NONE ? null : (originOf(batch.origin[i])?.[field] ?? null))),
    )
  }
  for (const field of EXTRA_TEXTS)
    readers.set(
      field,
      single('row', (batch, i) => extra.text(batch.extra[i], field)),
    )
  for (const field of EXTRA_NUMBERS)
    readers.set(
      field,
      single('row', (batch, i) => extra.number(batch.extra[i], field)),
    )
  for (const field of EXTRA_LISTS)
    readers.set(
      field,
      many('row', (batch, i) => extra.list(batch.extra[i], field)),
    )

  const ofKind = new Map<RuleField, (kind: Kind) => FieldValue>(
    KIND_FIELDS.map((field) => [field, (kind) => kind[field]]),
  )
  return {
    reader(field) {
      const reader = readers.get(field)
      if (reader === undefined) throw new Error(`${field} of ${Object.keys(RULE_FIELDS).length} fields has no reader`)
      if (reader.isList !== (specOf(field).type === 'list')) throw new Error(`${field} is read as another type`)
      return reader
    },
    ofKind: (field, kind) => ofKind.get(field)?.(kind) ?? null,
  }
}

function textsOf(codes: Iterable<number>, objectUid: RuleLookups['objectUid']): string[] | null {
  const texts: string[] = []
  for (const code of codes) {
    const text = objectUid(code)
    if (text !== null) texts.push(text)
  }
  return texts.length === 0 ? null : texts
}
