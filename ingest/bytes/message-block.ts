import type { Kind } from '../../model/event-batch.ts'

/**
 * Messages of one partition or one request packed side by side, with what was read of each: a thread can make it and
 * another take it, for it is numbers and bytes, and few objects. Which of the numbers stands where is said below.
 */
export interface MessageBlock {
  readonly length: number
  /** All messages, one behind the other. */
  readonly bytes: Buffer
  /** Per message the place behind its last byte. */
  readonly ends: Int32Array
  /** Per message its place in a stream; 0 of others. */
  readonly offsets: BigInt64Array
  /** Per message its event's time, epoch milliseconds. */
  readonly times: Float64Array
  /** ROW numbers a message. */
  readonly rows: Int32Array
  /** ITEM numbers per record touched, message by message. */
  readonly items: Int32Array
  readonly orgs: readonly string[]
  readonly kinds: readonly BlockKind[]
  /** What few events have, by message. */
  readonly rare: ReadonlyMap<number, RareTexts>
}

/** A kind without its source and whether it counts, which whoever takes the block knows. */
export type BlockKind = Omit<Kind, 'source' | 'excluded'>

export interface RareTexts {
  readonly logicalOp: string | null
  /** The fields without a column, as JSON text. */
  readonly extra: string | null
}

/** What became of a message's reading. */
export const STATE = 0
/** It has no value. */
export const TOMBSTONE = 0
/** It is to be read as canonical JSON, which tells what it is or what is wrong with it. */
export const UNREAD = 1
/** It is a good event, and the other numbers hold. */
export const READ = 2

/** Number of the tenant in `orgs`, of the kind in `kinds`. */
export const ORG = 1
export const KIND = 2
/** Texts: fingerprint (two numbers), then from where to where it stands in `bytes`. */
export const UID = 3
export const ACTOR = 7
export const OWNER = 11
/** Who owns the record, if that is one person: nobody, the actor, or whom OWNER names. */
export const OWNER_IS = 15
export const NO_OWNER = 0
export const ACTOR_OWNS = 1
export const OTHER_OWNS = 2
/** Fingerprint of the origin, then where its four texts stand; -1 from where there is none. */
export const ORIGIN = 16
export const ORIGIN_PLACES = 18
/** Number of the first record touched among all of the block, and how many there are. */
export const FIRST_ITEM = 26
export const ITEM_COUNT = 27
export const RECORD_COUNT = 28
export const ROW = 29
/** A record touched: fingerprint, and where its id stands. */
export const ITEM = 4

/** The block's arrays, which can be used for one block after the other. */
export interface BlockStorage {
  readonly bytes: Buffer
  readonly ends: Int32Array
  readonly offsets: BigInt64Array
  readonly times: Float64Array
  readonly rows: Int32Array
  readonly items: Int32Array
}

/** In memory that threads share: a block goes from one to another without being copied. */
export function createBlockStorage(messages: number, bytes: number, items: number): BlockStorage {
  const shared = (length: number) => new SharedArrayBuffer(length)
  return {
    bytes: Buffer.from(shared(bytes)),
    ends: new Int32Array(shared(messages * Int32Array.BYTES_PER_ELEMENT)),
    offsets: new BigInt64Array(shared(messages * BigInt64Array.BYTES_PER_ELEMENT)),
    times: new Float64Array(shared(messages * Float64Array.BYTES_PER_ELEMENT)),
    rows: new Int32Array(shared(messages * ROW * Int32Array.BYTES_PER_ELEMENT)),
    items: new Int32Array(shared(items * ITEM * Int32Array.BYTES_PER_ELEMENT)),
  }
}

/** A block as it arrives from another thread, where a Buffer has become a plain byte array. */
export const arrivedBlock = (block: MessageBlock): MessageBlock => {
  const { buffer, byteOffset, length } = block.bytes
  return { ...block, bytes: Buffer.from(buffer, byteOffset, length) }
}

/** The storage of a block that has been taken, for the next one. */
export const storageOf = ({ bytes, ends, offsets, times, rows, items }: MessageBlock): BlockStorage => ({
  ...{ bytes, ends, offsets, times, rows, items },
})

/** The message's value as it came; null when it has none. Valid as long as the block. */
export function valueAt({ bytes, ends, rows }: MessageBlock, i: number): Buffer | null {
  return rows[i * ROW + STATE] === TOMBSTONE ? null : bytes.subarray(i === 0 ? 0 : ends[i - 1], ends[i])
}
