import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { arrivedBlock } from '../../bytes/message-block.ts'
import type { BlockSink, TakenOffset } from '../../stream-sink.ts'
import { backoffMs } from '../backoff.ts'
import type { KafkaSource, KafkaSourceParts } from '../consumer.ts'
import { boundDetail } from '../failure.ts'
import type { KafkaFailure, KafkaHealth, KafkaSourceOptions, SourceHooks } from '../options.ts'
import { createTopicSelector } from '../topics.ts'
import type { FromThread, HookCall, ReadingOptions, ThreadStart, ToThread } from './thread-messages.ts'

export interface ThreadedSourceParts extends KafkaSourceParts {
  readonly reading: ReadingOptions
  /** How a thread is started; startReaderThread() unless told otherwise. */
  readonly startThread?: (start: ThreadStart) => Worker
}

const READER = new URL('./reader-thread.ts', import.meta.url)
/** kafkajs computes a negative timeout on every start, which Node warns of and corrects. */
const EXEC_ARGV = ['--disable-warning=TimeoutNegativeWarning']

/**
 * The limit that the process was started with holds down the main thread's heap. This one's turns over several times a
 * second: held down as well, it would take a twentieth of the service's processor time more.
 */
const OWN_HEAP_LIMIT = '--max-old-space-size=0'

export function startReaderThread(start: ThreadStart): Worker {
  setFlagsFromString(OWN_HEAP_LIMIT)
  return new Worker(READER, { workerData: start, execArgv: EXEC_ARGV, name: 'kafka-reader' })
}

const TELL_DURABLE_MS = 200
/** A source takes some 15 s at most to end; a thread that is still there then is ended. */
const STOP_LIMIT_MS = 30_000

/**
 * As createKafkaSource(), on a thread of its own: fetching, unpacking and reading messages go on beside folding and
 * storing them. A thread that dies is started anew after a back-off, from where the sink stands.
 */
export function createThreadedKafkaSource(
  options: KafkaSourceOptions,
  sink: BlockSink,
  { logger, runtime, hooks = {}, reading, startThread = startReaderThread }: ThreadedSourceParts,
): KafkaSource {
  // Faults of the configuration are found here and now.
  createTopicSelector(options)
  const retryLimits = { firstMs: options.retryFirstMs ?? 500, longestMs: options.retryLongestMs ?? 15_000 }
  const stop = new AbortController()
  /** The sink's answer to all pushes so far. They are made one after the other, for a partition's must keep their order. */
  let pushes = Promise.resolve()
  let running: Promise<void> | null = null
  let health: KafkaHealth = {
    ...{ state: 'stopped', healthy: false, since: runtime.now(), missingTopics: [], assignedPartitions: 0 },
    ...{ lag: null, rebuilds: 0, failure: null },
  }
  /** Threads that died. */
  let deaths = 0

  async function push(thread: Worker, message: FromThread & { readonly kind: 'push' }): Promise<void> {
    let failed = false
    await sink.pushBlock(message.topic, message.partition, arrivedBlock(message.block)).catch(() => {
      failed = true
    })
    post(thread, { kind: 'pushed', push: message.push, failed })
  }

  async function drain(thread: Worker, tellDurable: () => void): Promise<void> {
    let failed = false
    await pushes
    await sink.drain().catch(() => {
      failed = true
    })
    tellDurable()
    post(thread, { kind: 'drained', failed })
  }

  /** One thread from its start to its end; null when it ended in order. */
  async function runThread(): Promise<KafkaFailure | null> {
    // What an earlier thread pushed is taken before it is asked how far the sink is.
    await pushes
    const thread = startThread({ options, offsets: sink.offsets(), reading })
    const told = new Map<string, bigint | null>()
    const tellDurable = () => {
      const offsets = sink.offsets().filter((offset) => isNews(told, offset))
      if (offsets.length > 0) post(thread, { kind: 'durable', offsets })
    }
    const over = new AbortController()
    const ended = new Promise<KafkaFailure | null>((resolve) => {
      let stopped = false
      thread.on('message', (message: FromThread) => {
        if (message.kind === 'stopped') stopped = true
        else if (message.kind === 'push') {
          pushes = pushes.then(() => push(thread, message))
        } else if (message.kind === 'drain') void drain(thread, tellDurable)
        else if (message.kind === 'health') health = { ...message.health, rebuilds: message.health.rebuilds + deaths }
        else if (message.kind === 'log') logger[message.level](message.fields, message.message)
        else callHook(hooks, message.call)
      })
      thread.on('error', (error) => resolve({ code: 'consumer_crashed', detail: boundDetail(error.name) }))
      thread.on('exit', () => {
        over.abort()
        resolve(stopped ? null : { code: 'consumer_crashed', detail: 'the reading thread ended' })
      })
    })
    const onStop = () => {
      post(thread, { kind: 'stop' })
      void runtime.sleep(STOP_LIMIT_MS, over.signal).then(() => thread.terminate())
    }
    stop.signal.addEventListener('abort', onStop)
    if (stop.signal.aborted) onStop()
    void repeat(TELL_DURABLE_MS, over.signal, tellDurable)
    const failure = await ended
    stop.signal.removeEventListener('abort', onStop)
    over.abort()
    return failure
  }

  async function repeat(intervalMs: number, signal: AbortSignal, act: () => void): Promise<void> {
    while (!signal.aborted) {
      await runtime.sleep(intervalMs, signal)
      if (!signal.aborted) act()
    }
  }

  async function live(): Promise<void> {
    for (let attempt = 1; !stop.signal.aborted; attempt++) {
      const failure = await runThread()
      if (failure === null || stop.signal.aborted) break
      deaths++
      const rebuilds = health.rebuilds + 1
      health = { ...health, ...{ state: 'recovering', healthy: false, since: runtime.now(), failure, rebuilds } }
      health = { ...health, assignedPartitions: 0 }
      logger.warn({ ...failure, attempt }, 'The thread that reads Kafka died and is started anew')
      hooks.onRebuild?.(failure)
      await runtime.sleep(backoffMs(attempt, retryLimits, runtime.random), stop.signal)
    }
    health = { ...health, state: 'stopped', healthy: false, assignedPartitions: 0 }
  }

  return {
    start: () => {
      if (running !== null || stop.signal.aborted) throw new Error('A Kafka source is started once')
      health = { ...health, state: 'connecting', since: runtime.now() }
      running = live()
    },
    health: () => health,
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await running
    },
  }
}

function post(thread: Worker, message: ToThread): void {
  thread.postMessage(message)
}

/** Whether the offset is not the one last told; remembers it. */
function isNews(told: Map<string, bigint | null>, { topic, partition, committed }: TakenOffset): boolean {
  const key = `${partition}/${topic}`
  if (told.get(key) === committed) return false
  told.set(key, committed)
  return true
}

function callHook(hooks: SourceHooks, call: HookCall): void {
  if (call.name === 'onBatch') hooks.onBatch?.(call.value)
  else if (call.name === 'onLag') hooks.onLag?.(call.value)
  else if (call.name === 'onAssignment') hooks.onAssignment?.(call.value)
  else if (call.name === 'onGap') hooks.onGap?.(call.value)
  else if (call.name === 'onUnreadable') hooks.onUnreadable?.(call.value)
  else hooks.onRebuild?.(call.value)
}
