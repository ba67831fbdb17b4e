import type { MessageBlock } from './bytes/message-block.ts'

/** One message of a partition, as the broker gave it. `value` null is a tombstone. */
export interface StreamMessage {
  readonly offset: string
  readonly value: Buffer | null
  /** Broker's time of the message, epoch milliseconds as text. */
  readonly timestamp: string
}

/**
 * What a stream source (Kafka) hands messages to. The sink owns the truth about offsets: they are stored in the
 * events' own transaction, and the source resumes from them. Messages below `nextOffset` are dropped by the sink,
 * so handing one over twice does no harm.
 */
export interface StreamSink {
  /** The first offset this process has not taken yet; null when the store has never seen the partition. */
  nextOffset(topic: string, partition: number): bigint | null
  /** The first offset that is not yet durable in the store; null when nothing of the partition is. */
  committedOffset(topic: string, partition: number): bigint | null
  /** Takes messages in offset order. Resolves when there is room for more (back-pressure), not when they are stored. */
  push(topic: string, partition: number, messages: readonly StreamMessage[]): Promise<void>
  /** Resolves when all that was pushed is durable. */
  drain(): Promise<void>
}

/** A sink that also takes messages that another thread has packed and read. */
export interface BlockSink extends StreamSink {
  /** As push(). The block is the caller's again when this resolves. */
  pushBlock(topic: string, partition: number, block: MessageBlock): Promise<void>
  /** All partitions of which anything was taken, with what is durable. */
  offsets(): TakenOffset[]
}

export interface TakenOffset {
  readonly topic: string
  readonly partition: number
  /** As nextOffset() and committedOffset(). */
  readonly next: bigint
  readonly committed: bigint | null
}

/** A message that could not be used, on its way to the dead-letter topic. */
export interface DeadLetter {
  readonly letter_uid: string
  readonly received_at: number
  /** Source name as configured, such as `kafka` or `http`. */
  readonly source: string
  readonly topic: string | null
  readonly partition: number | null
  readonly offset: string | null
  readonly line: number | null
  /** Bounded reason code, such as `invalid_json`; usable as a metric label. */
  readonly reason: RejectReason | NativeRejectReason
  /** What, where and what is allowed; free of the rejected values. */
  readonly detail: string
  readonly bytes: number
}

export const REJECT_REASONS = [
  'invalid_json',
  'invalid_event',
  'missing_actor',
  'missing_time',
  'time_in_future',
  'time_too_old',
  'too_large',
  'empty',
  'unsupported_type',
  /** The tenant has as many accounts as `ingest.max_people` allows. */
  'too_many_people',
] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

/** Reasons that only files and native rows have, besides those of canonical events. */
export const NATIVE_REJECT_REASONS = [
  /** The columns' names came as a row of data. */
  'header_row',
  /** A CSV record that cannot be taken apart. */
  'invalid_csv',
  /** The file ends in the middle, or its compression is broken. */
  'truncated',
  /** The row has none of the columns by which its kind is told. */
  'unknown_layout',
] as const
export type NativeRejectReason = (typeof NATIVE_REJECT_REASONS)[number]
