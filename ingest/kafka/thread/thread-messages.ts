import type { HashKey } from '../../../store/text-hash.ts'
import type { MessageBlock } from '../../bytes/message-block.ts'
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
  /** Of the store's fingerprints. */
  readonly hashKey: HashKey
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
      /** Its block's memory may be used again. */
      readonly push: number
      /** The sink refused it, and will refuse all others. */
      readonly failed: boolean
    }
  | { readonly kind: 'durable'; readonly offsets: readonly TakenOffset[] }
  | { readonly kind: 'drained'; readonly failed: boolean }
  | { readonly kind: 'stop' }
