import { type EventBatch, NONE } from '../../model/event-batch.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import { numberOf } from './event-fields.ts'
import { LIST, TEXT } from './flat-object.ts'
import { EVENT_UID, type PlainEvent } from './plain-event.ts'
import { isSameText } from './plain-json.ts'
import { createPlainKinds } from './plain-kinds.ts'
import { rareFieldsOf } from './rare-fields.ts'

const ACTOR_UID = numberOf('actor_uid')
const OBJECT_UIDS = numberOf('object_uids')
const OWNER_UIDS = numberOf('owner_uids')
const LOGICAL_OP_UID = numberOf('logical_op_uid')
const ORIGIN = (['src_ip', 'user_agent', 'session_uid', 'device_uid'] as const).map(numberOf)

/** As an Encoder, of events that were read without making their texts: texts are made of what is new alone. */
export interface PlainEncoder {
  /** Writes the event, which stands in `bytes`, as row `length` of the batch; the caller counts `length` up. */
  encode(event: PlainEvent, bytes: Buffer, source: string, batch: EventBatch): void
}

export function createPlainEncoder(codes: Dictionaries): PlainEncoder {
  const kinds = createPlainKinds(codes)
  const originPlaces = new Int32Array(ORIGIN.length * 2)

  const placeOrigin = ({ type, from, to }: PlainEvent['fields']): Int32Array => {
    for (let p = 0; p < ORIGIN.length; p++) {
      const field = ORIGIN[p]
      originPlaces[2 * p] = type[field] === TEXT ? from[field] : -1
      originPlaces[2 * p + 1] = to[field]
    }
    return originPlaces
  }

  /** The actor code of item `n`; most people work on customers of their own, whose code is at hand. */
  const ownerAt = ({ org, fields }: PlainEvent, n: number, bytes: Buffer, actor: number): number => {
    const start = fields.items[2 * n]
    const end = fields.items[2 * n + 1]
    if (isSameText(bytes, fields.from[ACTOR_UID], fields.to[ACTOR_UID], start, end)) return actor
    return codes.actorAscii(org, bytes, start, end)
  }

  return {
    encode(event, bytes, source, batch) {
      const i = batch.length
      const { org, fields } = event
      const { type, from, to, items } = fields
      const actor = codes.actorAscii(org, bytes, from[ACTOR_UID], to[ACTOR_UID])
      const objectAt = (n: number) => codes.objectAscii(org, bytes, items[2 * n], items[2 * n + 1])
      const firstObject = from[OBJECT_UIDS]
      const objects = type[OBJECT_UIDS] === LIST ? to[OBJECT_UIDS] - firstObject : 0
      const owner = from[OWNER_UIDS]
      const hasOneOwner = type[OWNER_UIDS] === LIST && to[OWNER_UIDS] - owner === 1
      batch.time[i] = event.time
      batch.actor[i] = actor
      batch.kind[i] = kinds.codeOf(event, bytes, source)
      batch.origin[i] = codes.originAscii(actor, bytes, placeOrigin(fields))
      batch.object[i] = objects === 0 ? NONE : objectAt(firstObject)
      batch.objects[i] = objects < 2 ? null : Int32Array.from({ length: objects }, (_, n) => objectAt(firstObject + n))
      batch.owner[i] = hasOneOwner ? ownerAt(event, owner, bytes, actor) : NONE
      batch.recordCount[i] = event.recordCount
      batch.eventUid.setAscii(i, bytes, from[EVENT_UID], to[EVENT_UID])
      batch.logicalOp[i] =
        type[LOGICAL_OP_UID] === TEXT ? bytes.toString('latin1', from[LOGICAL_OP_UID], to[LOGICAL_OP_UID]) : null
      batch.extra[i] = rareFieldsOf(fields, bytes)
    },
  }
}
