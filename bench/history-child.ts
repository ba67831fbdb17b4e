import { openBenchCore } from './bench-core.ts'
import { serveChild } from './child-task.ts'
import { createEventStream, type EventStreamOptions } from './event-stream.ts'
import { pushEvents } from './push-events.ts'

export interface HistoryInput {
  readonly dir: string
  readonly events: number
  readonly stream: EventStreamOptions
}

export interface HistoryResult {
  readonly seconds: number
  readonly alerts: number
}

/** Fills a store through the pipeline itself, so that it holds what months of running leave: events, day peaks, alerts. */
await serveChild(async ({ dir, events, stream: options }: HistoryInput): Promise<HistoryResult> => {
  const started = performance.now()
  await using core = await openBenchCore(dir, {})
  const stream = createEventStream(options)
  await pushEvents(core, events, () => stream.next().json)
  const [{ alerts }] = await core.db.query<{ alerts: number }>('SELECT count(*) AS alerts FROM alerts')
  return { seconds: (performance.now() - started) / 1000, alerts }
})
