import type { StreamSink } from '../stream-sink.ts'
import type { PartitionLag } from './options.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** The ends of a partition's log as the broker last told them: first offset there, and the one after the last. */
export interface LogEnds extends TopicPartition {
  readonly low: bigint
  readonly high: bigint
}

export interface OffsetToCommit extends TopicPartition {
  readonly offset: string
}

interface Progress extends TopicPartition {
  /** After the last message handed to the sink. */
  handed: bigint
  /** After the last record read; past `handed` where control records or compaction leave none to hand over. */
  position: bigint
  committed: bigint
  /** The high watermark and time when `position` last moved. */
  highWhenMoved: bigint
  movedAt: number
}

/** Where each assigned partition stands: what lags, what stands still, and what may be committed to the group. */
export class PartitionProgress {
  readonly #sink: StreamSink
  readonly #now: () => number
  readonly #assigned = new Map<string, Progress>()
  readonly #ends = new Map<string, LogEnds>()

  constructor(sink: StreamSink, now: () => number) {
    this.#sink = sink
    this.#now = now
  }

  get assigned(): readonly TopicPartition[] {
    return [...this.#assigned.values()]
  }

  ends(at: TopicPartition): LogEnds | null {
    return this.#ends.get(keyOf(at)) ?? null
  }

  observe(ends: readonly LogEnds[]): void {
    for (const end of ends) this.#ends.set(keyOf(end), end)
  }

  assign(starts: readonly { at: TopicPartition; offset: bigint }[]): void {
    this.#assigned.clear()
    for (const { at, offset } of starts) {
      this.#assigned.set(keyOf(at), {
        topic: at.topic,
        partition: at.partition,
        handed: offset,
        position: offset,
        committed: -1n,
        highWhenMoved: this.ends(at)?.high ?? offset,
        movedAt: this.#now(),
      })
    }
  }

  /** Messages up to and without `next` were handed to the sink. */
  handOver(at: TopicPartition, next: bigint): void {
    const progress = this.#assigned.get(keyOf(at))
    if (progress === undefined) return
    progress.handed = next
    this.#move(progress, next)
  }

  /** Everything up to and without `next` was read; what was not handed over held no messages. */
  pass(at: TopicPartition, next: bigint): void {
    const progress = this.#assigned.get(keyOf(at))
    if (progress !== undefined && next > progress.position) this.#move(progress, next)
  }

  lags(): PartitionLag[] {
    return [...this.#assigned.values()].flatMap((progress) => {
      const ends = this.ends(progress)
      if (ends === null) return []
      const { topic, partition, position } = progress
      return [
        { topic, partition, lag: lagBehind(position, ends), durableLag: lagBehind(this.#durable(progress), ends) },
      ]
    })
  }

  /** Messages that left the log while they waited to be read, told once. */
  takeGaps(): { at: TopicPartition; messages: number }[] {
    return [...this.#assigned.values()].flatMap((progress) => {
      const low = this.ends(progress)?.low ?? 0n
      if (low <= progress.position) return []
      const messages = Number(low - progress.position)
      this.#move(progress, low)
      return [{ at: { topic: progress.topic, partition: progress.partition }, messages }]
    })
  }

  /** Partitions whose log grew while they stood still for longer than `limitMs`. */
  stalled(limitMs: number): TopicPartition[] {
    const now = this.#now()
    return [...this.#assigned.values()].filter((progress) => {
      const high = this.ends(progress)?.high ?? 0n
      return high > progress.position && high > progress.highWhenMoved && now - progress.movedAt > limitMs
    })
  }

  /** A partition whose log ends before what the sink has taken of it: not the log it was taken from. */
  findBeyondLog(): TopicPartition | null {
    const found = [...this.#assigned.values()].find((progress) => {
      const next = this.#sink.nextOffset(progress.topic, progress.partition)
      const high = this.ends(progress)?.high
      return next !== null && high !== undefined && next > high && progress.position < next
    })
    return found ?? null
  }

  /** Durable offsets the group has not been told of. */
  toCommit(): OffsetToCommit[] {
    return [...this.#assigned.values()].flatMap((progress) => {
      const offset = this.#durable(progress)
      return offset > progress.committed && offset > 0n
        ? [{ topic: progress.topic, partition: progress.partition, offset: offset.toString() }]
        : []
    })
  }

  noteCommitted(offsets: readonly OffsetToCommit[]): void {
    for (const offset of offsets) {
      const progress = this.#assigned.get(keyOf(offset))
      if (progress !== undefined) progress.committed = BigInt(offset.offset)
    }
  }

  /** Records without messages count as durable once all messages before them are. */
  #durable(progress: Progress): bigint {
    const stored = this.#sink.committedOffset(progress.topic, progress.partition)
    if (stored === null) return -1n
    return stored >= progress.handed && progress.position > stored ? progress.position : stored
  }

  #move(progress: Progress, next: bigint): void {
    progress.position = next
    progress.highWhenMoved = this.ends(progress)?.high ?? next
    progress.movedAt = this.#now()
  }
}

export function keyOf(at: TopicPartition): string {
  return `${at.partition}/${at.topic}`
}

function lagBehind(offset: bigint, ends: LogEnds): number {
  const from = offset < ends.low ? ends.low : offset
  return ends.high > from ? Number(ends.high - from) : 0
}
