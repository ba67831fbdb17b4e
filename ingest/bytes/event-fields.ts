import { createEventDraft, type EventDraft } from '../event-draft.ts'

/** Names of an event's fields in a message; `specversion` tells a CloudEvent. */
export const EVENT_FIELDS: readonly string[] = [...Object.keys(createEventDraft()), 'specversion']

/** A field's number in EVENT_FIELDS. */
export const numberOf = (name: keyof EventDraft | 'specversion'): number => EVENT_FIELDS.indexOf(name)
