import type { TakenOffset } from '../stream-sink.ts'
import type { PartitionOffset } from './open-batch.ts'

/** How far each partition was taken, and how far it is durable. */
export interface PartitionOffsets {
  /** As in StreamSink. */
  next(topic: string, partition: number): bigint | null
  committed(topic: string, partition: number): bigint | null
  all(): TakenOffset[]
  /** Everything before `next` is taken, and goes with the batch of these `offsets`. */
  take(topic: string, partition: number, next: bigint, offsets: Map<string, PartitionOffset>): void
  /** A batch's offsets are stored. */
  commit(offsets: ReadonlyMap<string, PartitionOffset>): void
}

export function createPartitionOffsets(
  stored: readonly { readonly topic: string; readonly partition: number; readonly next: bigint }[],
): PartitionOffsets {
  const taken = new Map(stored.map(({ topic, partition, next }) => [keyOf(topic, partition), next]))
  const committed = new Map(taken)
  return {
    next: (topic, partition) => taken.get(keyOf(topic, partition)) ?? null,
    committed: (topic, partition) => committed.get(keyOf(topic, partition)) ?? null,
    all: () => [...taken].map(([key, next]) => ({ ...partitionOf(key), next, committed: committed.get(key) ?? null })),
    take(topic, partition, next, offsets) {
      const key = keyOf(topic, partition)
      taken.set(key, next)
      offsets.set(key, { topic, partition, next })
    },
    commit(offsets) {
      for (const [key, { next }] of offsets) committed.set(key, next)
    },
  }
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`

/** What a key stands for. Topics' names hold no slash. */
function partitionOf(key: string): { readonly topic: string; readonly partition: number } {
  const slash = key.lastIndexOf('/')
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) }
}
