import { createEventDraft, type EventDraft } from '../event-draft.ts'

/** Names of an event's fields in a message; `specversion` tells a CloudEvent. */
export const EVENT_FIELDS: readonly string[] = [...Object.keys(createEventDraft()), 'specversion']

/** A field's number in EVENT_FIELDS. */
export const numberOf = (name: keyof EventDraft | 'specversion'): number => EVENT_FIELDS.indexOf(name)

/** Numbers that more than one reader of events needs. */
export const EVENT_UID = numberOf('event_uid')
export const ACTOR_UID = numberOf('actor_uid')
export const OBJECT_UIDS = numberOf('object_uids')
export const OWNER_UIDS = numberOf('owner_uids')
export const CHUNK_SEQ = numberOf('chunk_seq')
export const BYTES = numberOf('bytes')
export const COLUMNS = numberOf('columns')
