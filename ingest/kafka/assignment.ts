import type { StreamSink } from '../stream-sink.ts'
import { boundDetail } from './failure.ts'
import type { KafkaFailure, SourceHooks, SourceLogger } from './options.ts'
import { keyOf, type PartitionProgress, type TopicPartition } from './partition-progress.ts'
import { chooseStart } from './start-offset.ts'

export interface AssignmentParts {
  readonly sink: StreamSink
  readonly progress: PartitionProgress
  readonly hooks: SourceHooks
  readonly logger: SourceLogger
  /** Where partitions start that the sink has never seen; null is at their first message. */
  readonly latestStarts: ReadonlyMap<string, bigint> | null
}

export interface Assignment {
  /** Takes over the partitions the group has given, by topic, and says where to read each of them from. */
  take(partitionsByTopic: Readonly<Record<string, readonly number[]>>): { at: TopicPartition; offset: bigint }[]
  tellGap(at: TopicPartition, messages: number): void
  findBeyondLog(): KafkaFailure | null
}

export function createAssignment({ sink, progress, hooks, logger, latestStarts }: AssignmentParts): Assignment {
  function tellGap(at: TopicPartition, messages: number): void {
    logger.error({ ...at, messages }, "Kafka's retention removed messages before they were read")
    hooks.onGap?.({ ...at, messages })
  }

  function startOf(at: TopicPartition): bigint {
    const start = chooseStart({
      next: sink.nextOffset(at.topic, at.partition),
      ends: progress.ends(at),
      latest: latestStarts?.get(keyOf(at)) ?? null,
    })
    if (start.kind === 'gap') tellGap(at, start.messages)
    if (start.kind === 'beyond') {
      logger.error({ ...at }, "The store is ahead of Kafka's log: the topic seems to have been made anew")
    }
    return start.offset
  }

  return {
    take: (partitionsByTopic) => {
      const assigned = Object.entries(partitionsByTopic).flatMap(([topic, partitions]) =>
        partitions.map((partition) => ({ topic, partition })),
      )
      const starts = assigned.map((at) => ({ at, offset: startOf(at) }))
      progress.assign(starts)
      hooks.onAssignment?.(assigned)
      return starts
    },
    tellGap,
    findBeyondLog: () => {
      const at = progress.findBeyondLog()
      if (at === null) return null
      const detail = `topic ${at.topic}, partition ${at.partition}: the store has offsets the log has not reached`
      return { code: 'offset_beyond_log', detail: boundDetail(detail) }
    },
  }
}
