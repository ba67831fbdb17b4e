import type { StreamSink } from '../stream-sink.ts'
import { backoffMs } from './backoff.ts'
import { createKafkaClient } from './client.ts'
import {
  runConsumerSession,
  type SessionEnd,
  type SessionMemory,
  type SessionNews,
  type SessionSettings,
} from './consumer-session.ts'
import type { KafkaHealth, KafkaSourceOptions, SourceHooks, SourceLogger, SourceRuntime } from './options.ts'
import { createTopicSelector } from './topics.ts'

export interface KafkaSourceParts {
  readonly logger: SourceLogger
  readonly runtime: SourceRuntime
  readonly hooks?: SourceHooks
}

export interface KafkaSource extends AsyncDisposable {
  /** Begins to consume and returns at once: brokers and topics that are not there yet are waited for. */
  start(): void
  health(): KafkaHealth
}

/** A consumer that ran at least this long before it died starts its back-off from the beginning again. */
const GOOD_RUN_MS = 30_000

/**
 * Consumes Kafka topics into a sink, from where the sink's store left off, for as long as it lives. Every end of the
 * consumer leads to a new one after a bounded back-off. Throws at once on a topic pattern that is not usable.
 */
export function createKafkaSource(options: KafkaSourceOptions, sink: StreamSink, parts: KafkaSourceParts): KafkaSource {
  const { logger, runtime, hooks = {} } = parts
  const settings = withDefaults(options)
  const retryLimits = { firstMs: options.retryFirstMs ?? 500, longestMs: options.retryLongestMs ?? 15_000 }
  const selectTopics = createTopicSelector(options)
  const kafka = createKafkaClient(options, logger)
  const memory: SessionMemory = { latestStarts: new Map(), pending: new Map() }
  const stop = new AbortController()
  let running: Promise<void> | null = null
  let joinedAt: number | null = null
  let health: KafkaHealth = {
    state: 'stopped',
    healthy: false,
    since: runtime.now(),
    missingTopics: [],
    assignedPartitions: 0,
    lag: null,
    rebuilds: 0,
    failure: null,
  }

  function show(change: Partial<Omit<KafkaHealth, 'healthy' | 'since'>>): void {
    const next = { ...health, ...change }
    health = {
      ...next,
      healthy: next.state === 'running' && next.failure === null && next.missingTopics.length === 0,
      since: next.state === health.state ? health.since : runtime.now(),
    }
  }

  function learn(news: SessionNews): void {
    if (news.kind === 'topics') show({ missingTopics: news.selection.missing })
    if (news.kind === 'failure') show({ failure: news.failure })
    if (news.kind === 'lag') show({ lag: news.messages, failure: news.failure })
    if (news.kind === 'joined') {
      joinedAt ??= runtime.now()
      show({ state: 'running', assignedPartitions: news.partitions, failure: news.failure })
    }
  }

  async function live(): Promise<void> {
    let attempt = 0
    while (!stop.signal.aborted) {
      joinedAt = null
      const end = await runConsumerSession(
        { kafka, settings, selectTopics, sink, hooks, runtime, logger, memory, onLearned: learn },
        stop.signal,
      )
      const ranWell = joinedAt !== null && runtime.now() - joinedAt >= GOOD_RUN_MS
      attempt = end.kind === 'topics_changed' ? 0 : ranWell ? 1 : attempt + 1
      note(end, attempt)
      if (attempt > 0) await runtime.sleep(backoffMs(attempt, retryLimits, runtime.random), stop.signal)
    }
    show({ state: 'stopped', assignedPartitions: 0 })
  }

  function note(end: SessionEnd, attempt: number): void {
    if (end.kind === 'no_topics') show({ state: 'waiting_for_topics', assignedPartitions: 0, failure: null })
    if (end.kind === 'topics_changed') show({ state: 'connecting', assignedPartitions: 0 })
    if (end.kind !== 'failed') return
    const { failure } = end
    const rebuilds = health.rebuilds + (failure.code === 'coordinator_loading' ? 0 : 1)
    show({ state: 'recovering', assignedPartitions: 0, failure, rebuilds })
    logger.warn({ ...failure, attempt }, 'The Kafka consumer is being rebuilt')
    hooks.onRebuild?.(failure)
  }

  return {
    start: () => {
      if (running !== null || stop.signal.aborted) throw new Error('A Kafka source is started once')
      show({ state: 'connecting' })
      running = live()
    },
    health: () => health,
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await running
    },
  }
}

function withDefaults(options: KafkaSourceOptions): SessionSettings {
  return {
    groupId: options.groupId,
    fromBeginning: options.fromBeginning ?? true,
    sliceMessages: options.sliceMessages ?? 2_000,
    fetchBytes: options.fetchBytes ?? 4 * 1024 * 1024,
    fetchPartitionBytes: options.fetchPartitionBytes ?? 512 * 1024,
    fetchWaitMs: options.fetchWaitMs ?? 100,
    concurrentPartitions: options.concurrentPartitions ?? 8,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
    commitIntervalMs: options.commitIntervalMs ?? 1_000,
    pollIntervalMs: options.pollIntervalMs ?? 5_000,
    stallLimitMs: options.stallLimitMs ?? 60_000,
  }
}
