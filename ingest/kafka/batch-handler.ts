import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import type { StreamSink } from '../stream-sink.ts'
import type { SourceHooks, SourceRuntime } from './options.ts'
import { keyOf, type PartitionProgress, type TopicPartition } from './partition-progress.ts'
import { isUnreadable } from './unreadable-batch.ts'

export interface BatchHandlerParts {
  readonly sink: StreamSink
  readonly progress: PartitionProgress
  readonly hooks: SourceHooks
  readonly runtime: SourceRuntime
  readonly sliceMessages: number
  readonly heartbeatMs: number
  /** Pushes the sink has not answered yet, by partition; outlives a consumer, so that the next one waits for them. */
  readonly pending: Map<string, Promise<void>>
  /** The sink refused messages: nothing may be read on until the consumer has been rebuilt. */
  onSinkFailure(error: unknown): void
}

export interface BatchHandler {
  eachBatch(payload: EachBatchPayload): Promise<void>
  /** From now on no further slice is handed over. Resolves when the sink has answered for those under way. */
  stop(): Promise<void>
  /** Whether the sink still owes an answer for this partition, which is back-pressure and no fault of the consumer. */
  isPushing(at: TopicPartition): boolean
}

/**
 * Hands a partition's messages to the sink slice by slice and returns when the sink has room, not when it has stored
 * them, so that the next fetch overlaps with writing. Only the consumer's own heartbeat may throw out of it: what a
 * message holds is the sink's business, and a sink that fails is reported instead.
 */
export function createBatchHandler(parts: BatchHandlerParts): BatchHandler {
  const { sink, progress, hooks, runtime, sliceMessages, heartbeatMs, pending, onSinkFailure } = parts
  let stopping = false

  async function push(at: TopicPartition, slice: readonly KafkaMessage[], heartbeat: () => Promise<void>) {
    const key = keyOf(at)
    let accepted = false
    const pushed = Promise.resolve()
      .then(() => sink.push(at.topic, at.partition, slice))
      .then(() => {
        accepted = true
      }, onSinkFailure)
      .finally(() => pending.delete(key))
    pending.set(key, pushed)
    await waitBeating(pushed, heartbeat)
    return accepted
  }

  /** A session must not expire because the sink takes its time: heartbeats go on while it is waited for. */
  async function waitBeating(promise: Promise<void>, heartbeat: () => Promise<void>) {
    let settled = false
    const done = new AbortController()
    const watched = promise.finally(() => {
      settled = true
      done.abort()
    })
    while (!settled) {
      await Promise.race([watched, runtime.sleep(heartbeatMs, done.signal)])
      if (!settled) await heartbeat()
    }
  }

  async function eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const at: TopicPartition = { topic: batch.topic, partition: batch.partition }
    const canGoOn = () => !stopping && isRunning() && !isStale()
    // A slice from before a rebalance may still wait for room; offsets go to the sink in order.
    const earlier = pending.get(keyOf(at))
    if (earlier !== undefined) await waitBeating(earlier, heartbeat)
    const messages = dropTaken(batch.messages, sink.nextOffset(at.topic, at.partition))
    for (let start = 0; start < messages.length; start += sliceMessages) {
      if (!canGoOn()) return
      const slice = messages.slice(start, start + sliceMessages)
      const last = slice[slice.length - 1].offset
      if (!(await push(at, slice, heartbeat))) return
      resolveOffset(last)
      progress.handOver(at, BigInt(last) + 1n)
      report(at, slice)
      await heartbeat()
    }
    if (!canGoOn()) return
    resolveOffset(batch.lastOffset())
    progress.pass(at, BigInt(batch.lastOffset()) + 1n)
  }

  function report(at: TopicPartition, slice: readonly KafkaMessage[]): void {
    let bytes = 0
    let unreadable = 0
    for (const { value } of slice) {
      bytes += value?.length ?? 0
      if (isUnreadable(value)) unreadable++
    }
    hooks.onBatch?.({ ...at, messages: slice.length, bytes })
    if (unreadable > 0) hooks.onUnreadable?.({ ...at, messages: unreadable })
  }

  return {
    eachBatch,
    stop: async () => {
      stopping = true
      await Promise.all(pending.values())
    },
    isPushing: (at) => pending.has(keyOf(at)),
  }
}

/** The messages the sink has not taken yet; a compressed batch can start before the offset that was asked for. */
function dropTaken(messages: readonly KafkaMessage[], next: bigint | null): readonly KafkaMessage[] {
  if (next === null || messages.length === 0 || BigInt(messages[0].offset) >= next) return messages
  const first = messages.findIndex((message) => BigInt(message.offset) >= next)
  return first === -1 ? [] : messages.slice(first)
}
