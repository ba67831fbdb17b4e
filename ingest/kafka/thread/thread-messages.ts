import { type BlockStorage, type MessageBlock, storageOf } from '../../bytes/message-block.ts'
import type { TakenOffset } from '../../stream-sink.ts'
import type { KafkaHealth, KafkaSourceOptions, SourceHooks } from '../options.ts'

/** What the reading thread is given when it starts. */
export interface ThreadStart {
  readonly options: KafkaSourceOptions
  readonly offsets: readonly TakenOffset[]
  readonly reading: ReadingOptions
}

/** How messages are read before they are handed over. */
export interface ReadingOptions {
  readonly defaultOrg: string
  readonly maxFutureMs: number
}

type HookName = keyof SourceHooks
/** A call of a hook with its one argument. */
export type HookCall = { [Name in HookName]: { readonly name: Name; readonly value: HookArgument<Name> } }[HookName]
type HookArgument<Name extends HookName> = Parameters<NonNullable<SourceHooks[Name]>>[0]

export type LogLevel = 'info' | 'warn' | 'error'

/** What the reading thread says. */
export type FromThread =
  /** Answered by `pushed` with the same number. */
  | {
      readonly kind: 'push'
      readonly push: number
      readonly topic: string
      readonly partition: number
      readonly block: MessageBlock
    }
  /** Answered by `drained`. */
  | { readonly kind: 'drain' }
  | { readonly kind: 'health'; readonly health: KafkaHealth }
  | { readonly kind: 'hook'; readonly call: HookCall }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly fields: object; readonly message: string }
  /** The last word. */
  | { readonly kind: 'stopped' }

/** What it is told. */
export type ToThread =
  | {
      readonly kind: 'pushed'
      readonly push: number
      /** The sink refused it, and will refuse all others. */
      readonly failed: boolean
      /** The block's arrays, to be used again. */
      readonly storage: BlockStorage | null
    }
  | { readonly kind: 'durable'; readonly offsets: readonly TakenOffset[] }
  | { readonly kind: 'drained'; readonly failed: boolean }
  | { readonly kind: 'stop' }

/** Memory that goes over to the other thread with a message instead of being copied. */
export function buffersOf(storage: BlockStorage): ArrayBuffer[] {
  const { bytes, ends, offsets, times, rows, items } = storage
  const arrays: ArrayBufferView[] = [bytes, ends, offsets, times, rows, items]
  return arrays.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer)
}

/** Buffers arrive as plain byte arrays. */
export const arrivedStorage = (storage: BlockStorage): BlockStorage => ({
  ...storage,
  bytes: Buffer.from(storage.bytes.buffer, storage.bytes.byteOffset, storage.bytes.length),
})

export const arrivedBlock = (block: MessageBlock): MessageBlock => ({ ...block, ...arrivedStorage(storageOf(block)) })
