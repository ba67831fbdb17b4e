import { createEventDraft, type EventDraft } from '../event-draft.ts'
import { SINGULAR_FIELDS } from '../singular-fields.ts'

/** Names that are no field of an event: `specversion` tells a CloudEvent, the others are refused. */
const FOREIGN = ['specversion', ...Object.keys(SINGULAR_FIELDS)]
/** Names of an event's fields in a message, and those that send it the general way. */
export const EVENT_FIELDS: readonly string[] = [...Object.keys(createEventDraft()), ...FOREIGN]
/** Numbers of those that do. */
export const FOREIGN_FIELDS: readonly number[] = FOREIGN.map((name) => EVENT_FIELDS.indexOf(name))

/** A field's number in EVENT_FIELDS. */
export const numberOf = (name: keyof EventDraft): number => EVENT_FIELDS.indexOf(name)

/** Numbers that more than one reader of events needs. */
export const EVENT_UID = numberOf('event_uid')
export const ACTOR_UID = numberOf('actor_uid')
export const OBJECT_UIDS = numberOf('object_uids')
export const OWNER_UIDS = numberOf('owner_uids')
export const CHUNK_SEQ = numberOf('chunk_seq')
export const BYTES = numberOf('bytes')
export const COLUMNS = numberOf('columns')
