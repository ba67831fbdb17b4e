import { ACTIONS, ACTOR_TYPES, CHANNELS, OBJECT_TYPES, OUTCOMES, RECORD_COUNT_BASES } from '../../model/event.ts'
import { isAscii } from '../../store/text-hash.ts'
import { numberOf } from './event-fields.ts'
import { TEXT } from './flat-object.ts'
import type { BlockKind } from './message-block.ts'
import { NO_CHANNEL, type PlainEvent, UNKNOWN } from './plain-event.ts'

const SOURCE_PRODUCT = numberOf('source_product')
const SOURCE_EVENT_TYPE = numberOf('source_event_type')
const CLIENT_APP = numberOf('client_app')
const EXPORT_FORMAT = numberOf('export_format')

/** Kinds that differ in their texts alone are compared one by one; beyond these one is listed again. */
const MOST_ALIKE = 8

/** The kinds of a block's events, each once as far as it is worth looking. */
export interface BlockKinds {
  /** The event's number in the list. */
  numberOf(event: PlainEvent, bytes: Buffer): number
  readonly list: readonly BlockKind[]
}

export function createBlockKinds(): BlockKinds {
  const list: BlockKind[] = []
  /** Numbers by all that is no text: exact, so no two kinds are ever taken for one. */
  const known = new Map<number, number[]>()
  return {
    list,
    numberOf(event, bytes) {
      const shape = shapeOf(event)
      let alike = known.get(shape)
      if (alike === undefined) {
        alike = []
        known.set(shape, alike)
      }
      for (const number of alike) if (hasTexts(list[number], event, bytes)) return number
      const number = list.push(kindOf(event, bytes)) - 1
      if (alike.length < MOST_ALIKE) alike.push(number)
      return number
    },
  }
}

/** The words and flags of an event as one number. */
function shapeOf(event: PlainEvent): number {
  let shape = event.action
  shape = shape * ACTOR_TYPES.length + event.actorType
  shape = shape * OBJECT_TYPES.length + event.objectType
  shape = shape * (CHANNELS.length + 1) + event.channel
  shape = shape * OUTCOMES.length + event.outcome
  shape = shape * RECORD_COUNT_BASES.length + event.recordCountBasis
  shape = shape * 2 + event.objectUidsComplete
  return shape * 3 + event.hasContactFields
}

function hasTexts(kind: BlockKind, event: PlainEvent, bytes: Buffer): boolean {
  return (
    isText(kind.source_product, event, bytes, SOURCE_PRODUCT) &&
    isText(kind.source_event_type, event, bytes, SOURCE_EVENT_TYPE) &&
    isText(kind.client_app, event, bytes, CLIENT_APP) &&
    isText(kind.export_format, event, bytes, EXPORT_FORMAT)
  )
}

function isText(text: string | null, { fields }: PlainEvent, bytes: Buffer, field: number): boolean {
  if (fields.type[field] !== TEXT) return text === null
  return text !== null && isAscii(text, bytes, fields.from[field], fields.to[field])
}

function kindOf(event: PlainEvent, bytes: Buffer): BlockKind {
  const { type, from, to } = event.fields
  const text = (field: number) => (type[field] === TEXT ? bytes.toString('latin1', from[field], to[field]) : null)
  return {
    source_product: text(SOURCE_PRODUCT),
    source_event_type: text(SOURCE_EVENT_TYPE),
    actor_type: ACTOR_TYPES[event.actorType],
    action: ACTIONS[event.action],
    object_type: OBJECT_TYPES[event.objectType],
    object_uids_complete: event.objectUidsComplete === 1,
    record_count_basis: RECORD_COUNT_BASES[event.recordCountBasis],
    has_contact_fields: event.hasContactFields === UNKNOWN ? null : event.hasContactFields === 1,
    channel: event.channel === NO_CHANNEL ? null : CHANNELS[event.channel],
    client_app: text(CLIENT_APP),
    export_format: text(EXPORT_FORMAT),
    outcome: OUTCOMES[event.outcome],
  }
}
