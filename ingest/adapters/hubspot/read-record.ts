import type { Action, ObjectType } from '../../../model/event.ts'
import type { NativeRow, RowOutcome } from '../adapter.ts'
import { cleanId } from '../clean-text.ts'
import { eventOfAct, timeOf } from './event-of-act.ts'
import type { ReadTime } from './read-time.ts'

const OBJECT_NAMES: Readonly<Record<string, ObjectType>> = {
  CONTACT: 'contact',
  COMPANY: 'account',
  COMPANIES: 'account',
  DEAL: 'deal',
  QUOTE: 'deal',
  LEAD: 'lead',
  '0-1': 'contact',
  '0-2': 'account',
  '0-3': 'deal',
  '0-14': 'deal',
  '0-136': 'lead',
}

export interface RecordAct {
  readonly action: Action
  readonly type: string
  readonly object: ObjectType
  readonly target: unknown
}

/** An act on one record; on an unknown number of them where the target is no record's id. */
export function readRecord(
  row: NativeRow,
  readTime: ReadTime,
  { action, type, object, target }: RecordAct,
): RowOutcome {
  const id = recordId(target)
  const time = timeOf(row, readTime)
  // Setting values of a record is logged beside the record's own row at the same instant: one act of one person.
  const logical_op_uid = id === null || Number.isNaN(time) ? null : `hubspot:${time}:${id}`
  return eventOfAct(row, readTime, {
    action,
    object_type: object,
    object_uids: id === null ? [] : [id],
    logical_op_uid,
    source_event_type: type,
  })
}

/** The kind of record by HubSpot's name or number of its object. */
export function objectNamed(name: string): ObjectType {
  const single = name.replace(/^(STANDARD|CRM|OBJECT)_/, '').replace(/(_OBJECT|S)$/, '')
  if (Object.hasOwn(OBJECT_NAMES, name)) return OBJECT_NAMES[name]
  return Object.hasOwn(OBJECT_NAMES, single) ? OBJECT_NAMES[single] : 'unknown'
}

/** Ids are numbers; whatever else stands in their place is a name, perhaps a person's. */
export function recordId(value: unknown): string | null {
  const id = cleanId(value)
  return id !== null && /^(\d{1,20}|\d+-\d+[-:/]\d+|[0-9a-f]{8}-[0-9a-f-]{27})$/.test(id) ? id : null
}
