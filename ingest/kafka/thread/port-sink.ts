import { createBlockReader } from '../../bytes/block-reader.ts'
import { type BlockStorage, storageOf } from '../../bytes/message-block.ts'
import { endOfPiece, keptStorage, type RawMessage, rawMessages } from '../../bytes/pieces.ts'
import type { StreamMessage, StreamSink, TakenOffset } from '../../stream-sink.ts'
import type { FromThread, ReadingOptions, ToThread } from './thread-messages.ts'

export interface PortSinkParts {
  readonly offsets: readonly TakenOffset[]
  readonly reading: ReadingOptions
  readonly now: () => number
  readonly post: (message: FromThread) => void
}

/** The sink on the other thread, as the reading thread sees it. */
export interface PortSink extends StreamSink {
  /** Takes what the other thread says; false when it is not for the sink. */
  receive(message: ToThread): boolean
}

/** Blocks on their way: enough for one thread to read while the other folds, few enough to be soon at their end. */
const MOST_UNDER_WAY = 8
const PIECE_MESSAGES = 2_000

/**
 * Packs and reads messages on this thread and hands them to the real sink on the other. A push is answered when there
 * is room for more on the way; where each partition's reading stands is known here, since nobody else pushes.
 */
export function createPortSink({ offsets, reading, now, post }: PortSinkParts): PortSink {
  const next = new Map<string, bigint>()
  const durable = new Map<string, bigint>()
  const reader = createBlockReader(reading.hashKey)
  const free: BlockStorage[] = []
  /** What is under way, by the number of its push; null where the memory is not worth keeping. */
  const underWay = new Map<number, BlockStorage | null>()
  let pushes = 0
  let failed = false
  let waitingForRoom: (() => void)[] = []
  let waitingForDrain: (() => void)[] = []

  const keyOf = (topic: string, partition: number): string => `${partition}/${topic}`
  const takeOffsets = (taken: readonly TakenOffset[]) => {
    for (const { topic, partition, committed } of taken) {
      if (committed !== null) durable.set(keyOf(topic, partition), committed)
    }
  }
  for (const { topic, partition, next: first } of offsets) next.set(keyOf(topic, partition), first)
  takeOffsets(offsets)

  const waitForRoom = async () => {
    while (underWay.size >= MOST_UNDER_WAY && !failed) await new Promise<void>((go) => waitingForRoom.push(go))
    if (failed) throw new Error('The sink has failed')
  }
  const wake = (waiting: readonly (() => void)[]) => {
    for (const go of waiting) go()
  }

  const send = (topic: string, partition: number, messages: readonly RawMessage[]) => {
    const { defaultOrg, maxFutureMs } = reading
    const options = { defaultOrg, forcedOrg: null, latestTime: now() + maxFutureMs }
    const block = reader.read(messages, options, free.pop() ?? null)
    underWay.set(pushes, keptStorage(storageOf(block)))
    next.set(keyOf(topic, partition), messages[messages.length - 1].offset + 1n)
    post({ kind: 'push', push: pushes++, topic, partition, block })
  }

  return {
    nextOffset: (topic, partition) => next.get(keyOf(topic, partition)) ?? null,
    committedOffset: (topic, partition) => durable.get(keyOf(topic, partition)) ?? null,
    async push(topic: string, partition: number, messages: readonly StreamMessage[]) {
      const raw = rawMessages(messages)
      for (let from = 0; from < raw.length; ) {
        await waitForRoom()
        const to = endOfPiece(raw, from, PIECE_MESSAGES)
        send(topic, partition, raw.slice(from, to))
        from = to
      }
    },
    async drain() {
      post({ kind: 'drain' })
      await new Promise<void>((go) => waitingForDrain.push(go))
      if (failed) throw new Error('The sink has failed')
    },
    receive(message) {
      if (message.kind === 'durable') takeOffsets(message.offsets)
      else if (message.kind === 'pushed') {
        const storage = underWay.get(message.push) ?? null
        underWay.delete(message.push)
        failed ||= message.failed
        if (storage !== null) free.push(storage)
        const waiting = waitingForRoom
        waitingForRoom = []
        wake(waiting)
      } else if (message.kind === 'drained') {
        failed ||= message.failed
        const waiting = waitingForDrain
        waitingForDrain = []
        wake(waiting)
      } else return false
      return true
    },
  }
}
