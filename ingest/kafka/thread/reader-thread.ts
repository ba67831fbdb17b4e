import { parentPort, workerData } from 'node:worker_threads'
import { createKafkaSource } from '../consumer.ts'
import type { SourceHooks, SourceLogger } from '../options.ts'
import { createSystemRuntime } from '../runtime.ts'
import { giveWay } from './give-way.ts'
import { createPortSink } from './port-sink.ts'
import type { FromThread, HookCall, LogLevel, ThreadStart, ToThread } from './thread-messages.ts'

/** How soon a change of health is told. */
const TELL_HEALTH_MS = 50

/** The reading thread from its start to its end: a Kafka source whose sink, hooks and log are on the other thread. */
async function run(port: NonNullable<typeof parentPort>, { options, offsets, reading }: ThreadStart): Promise<void> {
  const runtime = createSystemRuntime()
  const post = (message: FromThread) => port.postMessage(message)
  const log = (level: LogLevel) => (fields: object, message: string) => post({ kind: 'log', level, fields, message })
  const logger: SourceLogger = { info: log('info'), warn: log('warn'), error: log('error') }
  const call = (one: HookCall) => post({ kind: 'hook', call: one })
  const hooks: SourceHooks = {
    onBatch: (value) => call({ name: 'onBatch', value }),
    onLag: (value) => call({ name: 'onLag', value }),
    onAssignment: (value) => call({ name: 'onAssignment', value }),
    onGap: (value) => call({ name: 'onGap', value }),
    onUnreadable: (value) => call({ name: 'onUnreadable', value }),
    onRebuild: (value) => call({ name: 'onRebuild', value }),
  }
  const sink = createPortSink({ offsets, reading, now: runtime.now, post })
  const source = createKafkaSource(options, sink, { logger, runtime, hooks })
  const stop = new AbortController()
  port.on('message', (message: ToThread) => {
    if (!sink.receive(message) && message.kind === 'stop') stop.abort()
  })
  source.start()
  for (let told: unknown = null; !stop.signal.aborted; await runtime.sleep(TELL_HEALTH_MS, stop.signal)) {
    const health = source.health()
    if (health !== told) post({ kind: 'health', health })
    told = health
  }
  await source[Symbol.asyncDispose]()
  post({ kind: 'health', health: source.health() })
  post({ kind: 'stopped' })
  port.close()
}

if (parentPort === null) throw new Error('The reading thread is started by createThreadedKafkaSource')
giveWay()
await run(parentPort, workerData)
