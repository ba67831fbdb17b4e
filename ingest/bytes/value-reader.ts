import type { HashKey } from '../../store/text-hash.ts'
import type { HandOver } from '../pipeline/intake.ts'
import { createBlockReader } from './block-reader.ts'
import { type BlockStorage, type MessageBlock, storageOf } from './message-block.ts'
import { keptStorage, type RawMessage } from './pieces.ts'

/** Packs values and reads them, for taking them at once: the block is valid until the next one. */
export type ValueReader = (
  messages: readonly RawMessage[],
  how: Pick<HandOver, 'forcedOrg' | 'defaultOrg' | 'latestTime'>,
) => MessageBlock

export function createValueReader(hashKey: HashKey): ValueReader {
  const reader = createBlockReader(hashKey)
  let storage: BlockStorage | null = null
  return (messages, { forcedOrg, defaultOrg, latestTime }) => {
    const block = reader.read(messages, { forcedOrg, defaultOrg, latestTime }, storage)
    storage = keptStorage(storageOf(block))
    return block
  }
}
