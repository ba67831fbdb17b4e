import { openBenchCore } from './bench-core.ts'
import { serveChild } from './child-task.ts'
import { createEventStream, type EventStreamOptions } from './event-stream.ts'

export interface HistoryInput {
  readonly dir: string
  readonly events: number
  readonly stream: EventStreamOptions
}

export interface HistoryResult {
  readonly seconds: number
  readonly alerts: number
}

const AT_ONCE = 2_000

/** Fills a store through the pipeline itself, so that it holds what months of running leave: events, day peaks, alerts. */
await serveChild(async ({ dir, events, stream: options }: HistoryInput): Promise<HistoryResult> => {
  const started = performance.now()
  await using core = await openBenchCore(dir, {})
  const stream = createEventStream(options)
  for (let made = 0; made < events; ) {
    const messages = Array.from({ length: Math.min(AT_ONCE, events - made) }, () => ({
      offset: String(made++),
      value: Buffer.from(stream.next().json, 'latin1'),
      timestamp: '0',
    }))
    await core.pipeline.push('history', 0, messages)
    // Nothing else hands control back to the loop while there is room, and the writer needs it.
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  await core.pipeline.drain()
  const [{ alerts }] = await core.db.query<{ alerts: number }>('SELECT count(*) AS alerts FROM alerts')
  return { seconds: (performance.now() - started) / 1000, alerts }
})
