import type { StreamMessage } from '../stream-sink.ts'
import { type BlockStorage, type MessageBlock, valueAt } from './message-block.ts'

/** A message as it came, still to be packed. */
export interface RawMessage {
  readonly value: Buffer | null
  /** Its place in a stream; 0 of others. */
  readonly offset: bigint
}

/** Messages are packed in pieces of so many bytes; a message larger than that is a piece by itself. */
export const LARGEST_PIECE_BYTES = 4 * 1024 * 1024

/** Messages of a stream, to be packed. */
export const rawMessages = (messages: readonly StreamMessage[]): RawMessage[] =>
  messages.map(({ offset, value }) => ({ offset: BigInt(offset), value }))

/** Lines of a request or a file, to be packed. */
export const rawLines = (lines: readonly Buffer[]): RawMessage[] => lines.map((value) => ({ offset: 0n, value }))

/** The place behind the last message of a piece that starts at `from`: of `most` messages, and few enough bytes. */
export function endOfPiece(messages: readonly RawMessage[], from: number, most: number): number {
  const last = Math.min(messages.length, from + most)
  let to = from
  let bytes = 0
  while (to < last) {
    bytes += messages[to].value?.length ?? 0
    if (bytes > LARGEST_PIECE_BYTES && to > from) break
    to++
  }
  return to
}

/** Storage worth using again; that of a message of unusual size is not kept. */
export const keptStorage = (storage: BlockStorage): BlockStorage | null =>
  storage.bytes.length <= LARGEST_PIECE_BYTES ? storage : null

/** The messages of a block as the broker gave them, each with memory of its own. */
export function messagesOf(block: MessageBlock): StreamMessage[] {
  return Array.from({ length: block.length }, (_, i) => {
    const value = valueAt(block, i)
    return { offset: String(block.offsets[i]), value: value === null ? null : Buffer.from(value), timestamp: '' }
  })
}
