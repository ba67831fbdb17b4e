import { EVENT_LIMITS } from '../../model/event.ts'
import { createTextHash, type HashKey } from '../../store/text-hash.ts'
import type { CanonicalOptions } from '../adapters/canonical.ts'
import { createBlockKinds } from './block-kinds.ts'
import { ACTOR_UID, EVENT_UID, numberOf, OBJECT_UIDS, OWNER_UIDS } from './event-fields.ts'
import { LIST, TEXT } from './flat-object.ts'
import {
  ACTOR,
  ACTOR_OWNS,
  type BlockStorage,
  createBlockStorage,
  FIRST_ITEM,
  ITEM,
  ITEM_COUNT,
  KIND,
  type MessageBlock,
  NO_OWNER,
  ORG,
  ORIGIN,
  ORIGIN_PLACES,
  OTHER_OWNS,
  OWNER,
  OWNER_IS,
  type RareTexts,
  READ,
  RECORD_COUNT,
  ROW,
  STATE,
  TOMBSTONE,
  UID,
  UNREAD,
} from './message-block.ts'
import type { RawMessage } from './pieces.ts'
import { createPlainEvent } from './plain-event.ts'
import { isSameText } from './plain-json.ts'
import { rareFieldsOf } from './rare-fields.ts'

const ORIGIN_FIELDS = (['src_ip', 'user_agent', 'session_uid', 'device_uid'] as const).map(numberOf)

/**
 * Packs messages into blocks and reads them as far as that needs no store: fields are found and checked where they
 * stand in the bytes, and ids are turned into the fingerprints by which the dictionaries know them.
 */
export interface BlockReader {
  /** `storage` is grown where it is too small, and is the block's from then on. */
  read(messages: readonly RawMessage[], options: CanonicalOptions, storage: BlockStorage | null): MessageBlock
}

/** `hashKey`: of the store whose dictionaries take the blocks. */
export function createBlockReader(hashKey: HashKey): BlockReader {
  const event = createPlainEvent()
  const { fields } = event
  const { type, from, to, items: places } = fields
  const hash = createTextHash(hashKey)

  return {
    read(messages, options, storage) {
      const into = withRoom(storage, messages)
      const { bytes, ends, offsets, times, rows } = into
      const kinds = createBlockKinds()
      const orgs: string[] = []
      const rare = new Map<number, RareTexts>()
      let { items } = into
      let itemCount = 0
      let start = 0

      /** Writes the fingerprint of a text and where it stands. */
      const name = (target: Int32Array, at: number, org: string, value: Buffer, first: number, end: number) => {
        hash.startWith(org).ascii(value, first, end).end()
        target[at] = hash.lo
        target[at + 1] = hash.hi
        target[at + 2] = start + first
        target[at + 3] = start + end
      }

      const nameOrigin = (row: number, value: Buffer) => {
        hash.start()
        for (let p = 0; p < ORIGIN_FIELDS.length; p++) {
          const field = ORIGIN_FIELDS[p]
          const isText = type[field] === TEXT
          if (isText) hash.ascii(value, from[field], to[field])
          else hash.field(null)
          rows[row + ORIGIN_PLACES + 2 * p] = isText ? start + from[field] : -1
          rows[row + ORIGIN_PLACES + 2 * p + 1] = start + to[field]
        }
        hash.end()
        rows[row + ORIGIN] = hash.lo
        rows[row + ORIGIN + 1] = hash.hi
      }

      const nameOwner = (row: number, org: string, value: Buffer) => {
        const owner = from[OWNER_UIDS]
        rows[row + OWNER_IS] = NO_OWNER
        if (type[OWNER_UIDS] !== LIST || to[OWNER_UIDS] - owner !== 1) return
        const first = places[2 * owner]
        const end = places[2 * owner + 1]
        // Most people work on customers of their own, whose code is then at hand.
        const isActor = isSameText(value, from[ACTOR_UID], to[ACTOR_UID], first, end)
        rows[row + OWNER_IS] = isActor ? ACTOR_OWNS : OTHER_OWNS
        if (!isActor) name(rows, row + OWNER, org, value, first, end)
      }

      const nameObjects = (row: number, org: string, value: Buffer) => {
        const count = type[OBJECT_UIDS] === LIST ? to[OBJECT_UIDS] - from[OBJECT_UIDS] : 0
        rows[row + FIRST_ITEM] = itemCount
        rows[row + ITEM_COUNT] = count
        if ((itemCount + count) * ITEM > items.length) items = grown(items, (itemCount + count) * ITEM)
        for (let n = from[OBJECT_UIDS]; n < from[OBJECT_UIDS] + count; n++) {
          name(items, itemCount++ * ITEM, org, value, places[2 * n], places[2 * n + 1])
        }
      }

      const readEvent = (i: number, value: Buffer): boolean => {
        if (value.length === 0 || value.length > EVENT_LIMITS.bytes || !event.read(value, options)) return false
        const row = i * ROW
        const { org } = event
        let tenant = orgs.indexOf(org)
        if (tenant === -1) tenant = orgs.push(org) - 1
        times[i] = event.time
        rows[row + ORG] = tenant
        rows[row + KIND] = kinds.numberOf(event, value)
        rows[row + RECORD_COUNT] = event.recordCount
        name(rows, row + UID, org, value, from[EVENT_UID], to[EVENT_UID])
        name(rows, row + ACTOR, org, value, from[ACTOR_UID], to[ACTOR_UID])
        nameOrigin(row, value)
        nameOwner(row, org, value)
        nameObjects(row, org, value)
        const texts = rareFieldsOf(fields, value)
        if (texts !== null) rare.set(i, texts)
        return true
      }

      for (let i = 0; i < messages.length; i++) {
        const { value, offset } = messages[i]
        offsets[i] = offset
        if (value === null) rows[i * ROW + STATE] = TOMBSTONE
        else {
          bytes.set(value, start)
          rows[i * ROW + STATE] = readEvent(i, value) ? READ : UNREAD
          start += value.length
        }
        ends[i] = start
      }
      return { length: messages.length, bytes, ends, offsets, times, rows, items, orgs, kinds: kinds.list, rare }
    },
  }
}

function withRoom(storage: BlockStorage | null, messages: readonly RawMessage[]): BlockStorage {
  let bytes = 0
  for (const { value } of messages) bytes += value?.length ?? 0
  if (storage !== null && storage.ends.length >= messages.length && storage.bytes.length >= bytes) return storage
  const least = storage ?? { ends: [], bytes: [] }
  const room = Math.max(messages.length, least.ends.length)
  return createBlockStorage(room, Math.max(bytes, least.bytes.length), room)
}

function grown(items: Int32Array, wanted: number): Int32Array {
  const array = new Int32Array(new SharedArrayBuffer(Math.max(wanted, items.length * 2) * items.BYTES_PER_ELEMENT))
  array.set(items)
  return array
}
