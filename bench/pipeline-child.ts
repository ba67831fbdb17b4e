import { statSync } from 'node:fs'
import { createSystemRuntime } from '../ingest/kafka/runtime.ts'
import { createThreadedKafkaSource } from '../ingest/kafka/thread/threaded-source.ts'
import type { BlockSink } from '../ingest/stream-sink.ts'
import { storePath } from '../store/store-path.ts'
import { openBenchCore } from './bench-core.ts'
import { serveChild } from './child-task.ts'
import { median } from './quantile.ts'
import { type ResourceUse, startMeter } from './resource-meter.ts'

export interface PipelineInput {
  readonly dir: string
  readonly brokers: readonly string[]
  readonly topic: string
  readonly groupId: string
  readonly events: number
}

export interface PipelineResult extends ResourceUse {
  readonly openSeconds: number
  readonly eventsPerSecond: number
  readonly storedEvents: number
  readonly bytesPerEvent: number
  readonly batches: number
  readonly batchEvents: { readonly median: number; readonly largest: number }
  readonly batchSeconds: { readonly median: number; readonly largest: number }
  readonly findings: number
  readonly alerts: number
  readonly wholePeakRssBytes: number
}

/** The whole pipeline over a topic: from the first messages handed over until all of them are committed. */
await serveChild(async (input: PipelineInput): Promise<PipelineResult> => {
  const opening = performance.now()
  const batchEvents: number[] = []
  const batchSeconds: number[] = []
  let committed = 0
  let rejected = 0
  let findings = 0
  let stop: (() => ResourceUse) | null = null
  const done = Promise.withResolvers<ResourceUse>()
  const core = await openBenchCore(input.dir, {
    findings: () => {
      findings++
    },
    rejected: () => {
      rejected++
    },
    committed({ events, seconds }) {
      committed += events
      batchEvents.push(events)
      batchSeconds.push(seconds)
      if (stop !== null && committed + rejected >= input.events) done.resolve(stop())
    },
    failed: (error) => done.reject(error),
  })
  const openSeconds = (performance.now() - opening) / 1000
  const sink: BlockSink = {
    ...core.pipeline,
    pushBlock(topic, partition, block) {
      stop ??= startMeter()
      return core.pipeline.pushBlock(topic, partition, block)
    },
  }
  const silent = () => undefined
  const source = createThreadedKafkaSource(
    { brokers: input.brokers, clientId: 'crmwatch-bench', groupId: input.groupId, topics: [input.topic] },
    sink,
    {
      logger: { info: silent, warn: (fields, message) => console.error(message, fields), error: silent },
      runtime: createSystemRuntime(),
      reading: core.reading,
    },
  )
  source.start()
  const use = await done.promise
  await source[Symbol.asyncDispose]()
  if (rejected > 0) throw new Error(`${rejected} events were refused`)
  const [{ stored }] = await core.db.query<{ stored: number }>('SELECT count(*) AS stored FROM event_log')
  const [{ alerts }] = await core.db.query<{ alerts: number }>('SELECT count(*) AS alerts FROM alerts')
  await core[Symbol.asyncDispose]()
  return {
    ...use,
    openSeconds,
    eventsPerSecond: committed / use.seconds,
    storedEvents: stored,
    bytesPerEvent: statSync(storePath(input.dir)).size / stored,
    batches: batchEvents.length,
    batchEvents: { median: median(batchEvents), largest: Math.max(...batchEvents) },
    batchSeconds: { median: median(batchSeconds), largest: Math.max(...batchSeconds) },
    findings,
    alerts,
    wholePeakRssBytes: process.resourceUsage().maxRSS * 1024,
  }
})
