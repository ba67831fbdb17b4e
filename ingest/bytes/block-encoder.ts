import { type EventBatch, NONE } from '../../model/event-batch.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import {
  ACTOR,
  ACTOR_OWNS,
  FIRST_ITEM,
  ITEM,
  ITEM_COUNT,
  KIND,
  type MessageBlock,
  NO_OWNER,
  ORG,
  ORIGIN,
  ORIGIN_PLACES,
  OWNER,
  OWNER_IS,
  RECORD_COUNT,
  ROW,
  UID,
} from './message-block.ts'

const NO_CODE = -1

/** As an Encoder, of the events of one block: texts are made of what is new to the dictionaries alone. */
export interface BlockEncoder {
  /** Writes the event of message `i`, which was read, as row `length` of the batch; the caller counts `length` up. */
  encode(i: number, batch: EventBatch): void
}

export function createBlockEncoder(codes: Dictionaries, block: MessageBlock, source: string): BlockEncoder {
  const { bytes, rows, items, orgs, kinds, rare, times } = block
  const kindCodes = new Int32Array(kinds.length).fill(NO_CODE)

  const kindAt = (number: number): number => {
    if (kindCodes[number] === NO_CODE) kindCodes[number] = codes.kind({ source, excluded: false, ...kinds[number] })
    return kindCodes[number]
  }
  const actorAt = (org: string, at: number): number =>
    codes.actorPrinted(org, rows[at], rows[at + 1], bytes, rows[at + 2], rows[at + 3])
  const objectAt = (org: string, item: number): number => {
    const at = item * ITEM
    return codes.objectPrinted(org, items[at], items[at + 1], bytes, items[at + 2], items[at + 3])
  }

  return {
    encode(message, batch) {
      const i = batch.length
      const row = message * ROW
      const org = orgs[rows[row + ORG]]
      const actor = actorAt(org, row + ACTOR)
      const first = rows[row + FIRST_ITEM]
      const count = rows[row + ITEM_COUNT]
      const owner = rows[row + OWNER_IS]
      const texts = rare.size === 0 ? undefined : rare.get(message)
      batch.time[i] = times[message]
      batch.actor[i] = actor
      batch.kind[i] = kindAt(rows[row + KIND])
      batch.origin[i] = codes.originPrinted(
        actor,
        rows[row + ORIGIN],
        rows[row + ORIGIN + 1],
        bytes,
        rows,
        row + ORIGIN_PLACES,
      )
      batch.object[i] = count === 0 ? NONE : objectAt(org, first)
      batch.objects[i] = count < 2 ? null : Int32Array.from({ length: count }, (_, n) => objectAt(org, first + n))
      batch.owner[i] = owner === NO_OWNER ? NONE : owner === ACTOR_OWNS ? actor : actorAt(org, row + OWNER)
      batch.recordCount[i] = rows[row + RECORD_COUNT]
      batch.eventUid.setAscii(i, bytes, rows[row + UID + 2], rows[row + UID + 3])
      batch.logicalOp[i] = texts?.logicalOp ?? null
      batch.extra[i] = texts?.extra ?? null
    },
  }
}
