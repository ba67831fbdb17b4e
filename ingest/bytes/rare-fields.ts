import { extraOf, type RareFields } from '../encode.ts'
import { BYTES, CHUNK_SEQ, COLUMNS, numberOf, OWNER_UIDS } from './event-fields.ts'
import { ABSENT, type FlatObject, LIST, TEXT, WHOLE } from './flat-object.ts'
import type { RareTexts } from './message-block.ts'
import { wholeBetween } from './plain-json.ts'

const LOGICAL_OP_UID = numberOf('logical_op_uid')
const RECIPIENT_UIDS = numberOf('recipient_uids')
const ACTOR_NAME = numberOf('actor_name')
const ON_BEHALF_OF_UID = numberOf('on_behalf_of_uid')
const QUERY_TEXT = numberOf('query_text')
const RAW_REF = numberOf('raw_ref')
const ALWAYS_RARE = new Uint8Array([
  ...[LOGICAL_OP_UID, CHUNK_SEQ, COLUMNS, RECIPIENT_UIDS, ACTOR_NAME, ON_BEHALF_OF_UID, QUERY_TEXT, BYTES, RAW_REF],
])

/** The fields that most events do not have; null without any. */
export function rareFieldsOf(fields: FlatObject, message: Buffer): RareTexts | null {
  const { type, from, to, items } = fields
  if (!hasRareFields(fields)) return null
  const text = (field: number) => (type[field] === TEXT ? message.toString('latin1', from[field], to[field]) : null)
  const whole = (field: number) => (type[field] === WHOLE ? wholeBetween(message, from[field], to[field]) : null)
  const list = (field: number) => {
    const texts: string[] = []
    if (type[field] !== LIST) return texts
    for (let n = from[field]; n < to[field]; n++) texts.push(message.toString('latin1', items[2 * n], items[2 * n + 1]))
    return texts
  }
  const rare: RareFields = {
    logical_op_uid: text(LOGICAL_OP_UID),
    chunk_seq: whole(CHUNK_SEQ),
    columns: list(COLUMNS),
    owner_uids: list(OWNER_UIDS),
    recipient_uids: list(RECIPIENT_UIDS),
    actor_name: text(ACTOR_NAME),
    on_behalf_of_uid: text(ON_BEHALF_OF_UID),
    query_text: text(QUERY_TEXT),
    bytes: whole(BYTES),
    raw_ref: text(RAW_REF),
  }
  const extra = extraOf(rare)
  return extra === null ? null : { logicalOp: rare.logical_op_uid, extra }
}

function hasRareFields({ type, from, to }: FlatObject): boolean {
  for (const field of ALWAYS_RARE) if (type[field] !== ABSENT) return true
  // One owner has a column of its own.
  return type[OWNER_UIDS] === LIST && to[OWNER_UIDS] - from[OWNER_UIDS] > 1
}
