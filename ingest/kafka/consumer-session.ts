import type { EachBatchPayload, Kafka } from 'kafkajs'
import type { StreamSink } from '../stream-sink.ts'
import { createAssignment } from './assignment.ts'
import { type BatchHandler, createBatchHandler } from './batch-handler.ts'
import { CLIENT_RETRY } from './client.ts'
import { boundDetail, describeFailure } from './failure.ts'
import { createGroupConsumer, groupByTopic, pauseAll } from './group-consumer.ts'
import { readLogEnds } from './log-ends.ts'
import type { KafkaFailure, SourceHooks, SourceLogger, SourceRuntime } from './options.ts'
import { keyOf, PartitionProgress } from './partition-progress.ts'
import { haveSameTopics, type TopicSelection } from './topics.ts'

export interface SessionSettings {
  readonly groupId: string
  readonly fromBeginning: boolean
  readonly sliceMessages: number
  readonly fetchBytes: number
  readonly fetchPartitionBytes: number
  readonly fetchWaitMs: number
  readonly concurrentPartitions: number
  readonly sessionTimeoutMs: number
  readonly commitIntervalMs: number
  readonly pollIntervalMs: number
  readonly stallLimitMs: number
}

export interface SessionParts {
  readonly kafka: Kafka
  readonly settings: SessionSettings
  readonly selectTopics: (existing: readonly string[]) => TopicSelection
  readonly sink: StreamSink
  readonly hooks: SourceHooks
  readonly runtime: SourceRuntime
  readonly logger: SourceLogger
  readonly memory: SessionMemory
  /** What the session learns, for health. */
  onLearned(news: SessionNews): void
}

/** What outlives a session, by partition. */
export interface SessionMemory {
  /** Where `fromBeginning: false` starts: the log's end when it was first seen. */
  readonly latestStarts: Map<string, bigint>
  /** Pushes that the sink has not answered yet. */
  readonly pending: Map<string, Promise<void>>
}

export type SessionNews =
  | { readonly kind: 'topics'; readonly selection: TopicSelection }
  | { readonly kind: 'joined'; readonly partitions: number; readonly failure: KafkaFailure | null }
  | { readonly kind: 'lag'; readonly messages: number; readonly failure: KafkaFailure | null }
  | { readonly kind: 'failure'; readonly failure: KafkaFailure }

export type SessionEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'no_topics' }
  | { readonly kind: 'topics_changed' }
  | { readonly kind: 'failed'; readonly failure: KafkaFailure }

/** The group may wait a minute for members that are gone before it lets anybody in. */
const JOIN_LIMIT_MS = 150_000
const CLOSE_LIMIT_MS = 5_000
const DRAIN_LIMIT_MS = 10_000

/**
 * One consumer from its connection to its end, whatever ends it: the signal, its crash, a standstill, a failing sink,
 * or other topics. It never rejects and leaves nothing running behind.
 */
export async function runConsumerSession(parts: SessionParts, signal: AbortSignal): Promise<SessionEnd> {
  const { kafka, settings, selectTopics, sink, hooks, runtime, logger, memory, onLearned } = parts
  const ended = Promise.withResolvers<SessionEnd>()
  const over = new AbortController()
  const end = (reason: SessionEnd) => {
    ended.resolve(reason)
    over.abort()
  }
  const fail = (failure: KafkaFailure) => end({ kind: 'failed', failure })
  const onAbort = () => end({ kind: 'stopped' })
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()

  const heartbeatMs = Math.round(settings.sessionTimeoutMs / 10)
  const admin = kafka.admin({ retry: CLIENT_RETRY })
  const consumer = createGroupConsumer(kafka, { ...settings, heartbeatMs })
  const progress = new PartitionProgress(sink, runtime.now)
  const handler = createBatchHandler({
    ...{ sink, progress, hooks, runtime, heartbeatMs, pending: memory.pending, sliceMessages: settings.sliceMessages },
    onSinkFailure: (error) =>
      fail({ code: 'sink_failed', detail: boundDetail(error instanceof Error ? error.name : 'unknown') }),
  })
  const assignment = createAssignment({
    ...{ sink, progress, hooks, logger },
    latestStarts: settings.fromBeginning ? null : memory.latestStarts,
  })
  let topics: readonly string[] = []
  let joining = false
  let waitingSince: number | null = runtime.now()
  let commitToGroup: EachBatchPayload['commitOffsetsIfNecessary'] | null = null

  consumer.on(consumer.events.CRASH, ({ payload }) => fail(describeFailure(payload.error)))
  consumer.on(consumer.events.REBALANCING, () => {
    waitingSince = runtime.now()
  })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    if (over.signal.aborted) return
    try {
      takeAssignment(payload.memberAssignment)
    } catch (error) {
      fail({ code: 'sink_failed', detail: boundDetail(error instanceof Error ? error.name : 'unknown') })
    }
  })
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    // Batches of control records alone never reach eachBatch, yet are read.
    if (payload.batchSize === 0) progress.pass(payload, BigInt(payload.lastOffset) + 1n)
  })

  /** Runs between the group's answer and the next fetch, so that nothing is read from anywhere but the store's offset. */
  function takeAssignment(memberAssignment: Readonly<Record<string, number[]>>): void {
    waitingSince = null
    const starts = assignment.take(memberAssignment)
    for (const { at, offset } of starts) consumer.seek({ ...at, offset: offset.toString() })
    onLearned({ kind: 'joined', partitions: starts.length, failure: assignment.findBeyondLog() })
  }

  async function run(): Promise<void> {
    await admin.connect()
    const selection = selectTopics(await admin.listTopics())
    onLearned({ kind: 'topics', selection })
    topics = selection.present
    if (topics.length === 0) return end({ kind: 'no_topics' })
    await observeLogEnds()
    if (over.signal.aborted) return
    await consumer.connect()
    if (over.signal.aborted) return
    // Offsets below the log's start are recovered from by the client itself, from the first message on.
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    if (over.signal.aborted) return
    waitingSince = runtime.now()
    joining = true
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: settings.concurrentPartitions,
      eachBatch: (payload) => {
        commitToGroup = payload.commitOffsetsIfNecessary
        return handler.eachBatch(payload)
      },
    })
    joining = false
    await Promise.all([repeat(settings.commitIntervalMs, commit), repeat(settings.pollIntervalMs, poll)])
  }

  async function repeat(intervalMs: number, act: () => Promise<void>): Promise<void> {
    while (!over.signal.aborted) {
      await runtime.sleep(intervalMs, over.signal)
      if (!over.signal.aborted) await act()
    }
  }

  async function observeLogEnds(): Promise<void> {
    const ends = await readLogEnds(admin, topics)
    progress.observe(ends)
    for (const end of ends) {
      if (!memory.latestStarts.has(keyOf(end))) memory.latestStarts.set(keyOf(end), end.high)
    }
  }

  async function poll(): Promise<void> {
    try {
      const selection = selectTopics(await admin.listTopics())
      if (!haveSameTopics(selection.present, topics)) return end({ kind: 'topics_changed' })
      onLearned({ kind: 'topics', selection })
      await observeLogEnds()
      for (const { at, messages } of progress.takeGaps()) assignment.tellGap(at, messages)
      const lags = progress.lags()
      for (const lag of lags) hooks.onLag?.(lag)
      onLearned({
        kind: 'lag',
        messages: lags.reduce((sum, lag) => sum + lag.lag, 0),
        failure: assignment.findBeyondLog(),
      })
    } catch (error) {
      // The consumer has its own connection and its own say on whether it is dead.
      if (!over.signal.aborted) onLearned({ kind: 'failure', failure: describeFailure(error) })
      return
    }
    watch()
  }

  function watch(): void {
    const stalled = progress.stalled(settings.stallLimitMs).find((at) => !handler.isPushing(at))
    if (stalled !== undefined) {
      const detail = `topic ${stalled.topic}, partition ${stalled.partition} stands still while its log grows`
      fail({ code: 'stalled', detail: boundDetail(detail) })
    } else if (waitingSince !== null && runtime.now() - waitingSince > JOIN_LIMIT_MS) {
      fail({ code: 'stalled', detail: 'the consumer group has not let this consumer in' })
    }
  }

  /**
   * Tells the group what is durable. It does so outside of eachBatch, where a failure cannot end the consumer, and also
   * when the stream is idle. The group's offsets are for outside tools alone: resuming never asks for them.
   */
  async function commit(): Promise<void> {
    const offsets = progress.toCommit()
    if (offsets.length === 0) return
    try {
      if (commitToGroup !== null) await commitToGroup({ topics: groupByTopic(offsets) })
      else await consumer.commitOffsets(offsets)
      progress.noteCommitted(offsets)
    } catch (error) {
      if (!over.signal.aborted) logger.warn({ ...describeFailure(error) }, 'Kafka group offsets were not committed')
    }
  }

  const ran = run().catch((error: unknown) => fail(describeFailure(error)))
  const reason = await ended.promise
  signal.removeEventListener('abort', onAbort)
  pauseAll(consumer, topics)
  if (reason.kind !== 'failed') {
    await within(DRAIN_LIMIT_MS, drain(handler, sink))
    await within(CLOSE_LIMIT_MS, commit())
  } else {
    void handler.stop()
  }
  const disconnect = () => Promise.allSettled([consumer.disconnect(), admin.disconnect()])
  // A consumer closed while the group lets it in would stay a member that nobody serves, and hold the others up until
  // its session expires. So it is let in first, if need be after this session has been given up, and then leaves.
  const closing = joining ? ran.then(disconnect) : disconnect()
  await within(CLOSE_LIMIT_MS, closing)
  // What was still connecting may have opened a connection after that.
  void ran.then(disconnect)
  hooks.onAssignment?.([])
  return reason

  async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
    const done = new AbortController()
    const settled = work.then(
      () => done.abort(),
      () => done.abort(),
    )
    await Promise.race([settled, runtime.sleep(limitMs, done.signal)])
  }
}

async function drain(handler: BatchHandler, sink: StreamSink): Promise<void> {
  await handler.stop()
  await sink.drain()
}
