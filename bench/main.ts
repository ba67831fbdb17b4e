import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMessageProducer } from '../ingest/kafka/producer.ts'
import { createTopicAdmin } from '../ingest/kafka/topic-admin.ts'
import { findFreePort } from '../test/support/broker/free-port.ts'
import { startBroker } from '../test/support/broker.ts'
import { measureAdapters } from './adapters.ts'
import { measureAppending } from './appending.ts'
import { type BenchOptions, type Part, parseBenchOptions } from './bench-options.ts'
import { runChildIn } from './child-task.ts'
import { createEventStream, EVENTS_PER_DAY, type EventStreamOptions, startOfWorkdays } from './event-stream.ts'
import { fillTopic } from './fill-topic.ts'
import type { HistoryInput, HistoryResult } from './history-child.ts'
import { measureLive } from './live.ts'
import type { LookBackFigures } from './look-back-child.ts'
import { describeMachine } from './machine.ts'
import { measureReplay } from './replay.ts'
import { type BenchFigures, writeReport } from './report.ts'
import type { TenantFigures } from './tenants-child.ts'
import { measureThroughput } from './throughput.ts'

const PARTITIONS = 6
const [HISTORY, LOOK_BACK, TENANTS] = ['history-child.ts', 'look-back-child.ts', 'tenants-child.ts'].map((name) =>
  join(import.meta.dirname, name),
)
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

async function run(options: BenchOptions, workDir: string, signal: AbortSignal): Promise<BenchFigures> {
  const figures: BenchFigures = { machine: describeMachine(), options }
  const wants = (part: Part) => options.only === null || options.only === part
  const started = performance.now()
  const note = (text: string) => {
    process.stderr.write(`[${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s] ${text}\n`)
  }
  if (wants('appending')) {
    note('appending to the event log')
    figures.appending = await measureAppending(workDir, options.appendRows, signal)
  }
  if (wants('replay')) {
    note('simulating a company and replaying its files')
    figures.replay = await measureReplay(workDir, options.replay, signal)
  }
  if (wants('adapters')) {
    note('reading logs of CRMs by their adapters')
    figures.adapters = await measureAdapters(options.adapterRows, signal)
  }
  if (wants('look-back')) {
    note('having one person’s past examined')
    const people = { ...options.lookBack, actors: options.actors }
    figures.lookBack = await runChildIn<LookBackFigures>(join(workDir, 'look-back'), LOOK_BACK, people, { signal })
  }
  if (wants('tenants')) {
    note(`${options.tenants.tenants.toLocaleString('en-US')} small tenants`)
    figures.tenants = await runChildIn<TenantFigures>(join(workDir, 'tenants'), TENANTS, options.tenants, {
      signal,
      execArgv: ['--expose-gc'],
    })
  }
  if (wants('throughput') || wants('live')) await measureOnBroker(options, workDir, figures, wants, note, signal)
  return figures
}

async function measureOnBroker(
  options: BenchOptions,
  workDir: string,
  figures: BenchFigures,
  wants: (part: Part) => boolean,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const steady = options.steadyEventsPerSecond * (options.steadySeconds + 30)
  const days = Math.ceil((options.history + options.events + steady) / EVENTS_PER_DAY) + 1
  const stream: EventStreamOptions = {
    actors: options.actors,
    partitions: PARTITIONS,
    startTime: startOfWorkdays(days, Date.now()),
    eventsPerDay: EVENTS_PER_DAY,
    firstIndex: 0,
    seed: 20_260_105,
  }
  note(`filling a store with ${options.history.toLocaleString('en-US')} events`)
  const historyDir = join(workDir, 'history')
  const historyInput: Omit<HistoryInput, 'dir'> = { events: options.history, stream }
  const history = await runChildIn<HistoryResult>(historyDir, HISTORY, historyInput, { signal })
  note(`filled in ${history.seconds.toFixed(0)} s, ${history.alerts} alerts`)

  note('starting the broker')
  await using broker = await startBroker({ heapMegabytes: 1024 })
  const connection = { brokers: broker.brokers, clientId: 'crmwatch-bench' }
  await using admin = await createTopicAdmin(connection, { logger: SILENT })
  await using producer = await createMessageProducer(connection, { logger: SILENT })
  const topic = `bench.access.${process.pid}.${Date.now()}`
  const [staffTopic, deadLetterTopic] = [`${topic}.staff`, `${topic}.dead`]
  await using _topics = {
    // On a broker of its own they go with it; on an outside one nothing must stay behind.
    [Symbol.asyncDispose]: async () => {
      for (const name of [topic, staffTopic, deadLetterTopic]) await admin.deleteTopic(name).catch(() => undefined)
    },
  }
  await admin.createTopic(topic, PARTITIONS)
  await admin.createTopic(staffTopic, 1)
  await admin.createTopic(deadLetterTopic, 1)
  const events = createEventStream({ ...stream, firstIndex: options.history })
  let liveDir = historyDir
  if (wants('throughput')) {
    note(`producing ${options.events.toLocaleString('en-US')} events`)
    const { meanBytes } = await fillTopic(producer, topic, events, options.events, signal)
    figures.payloadBytes = meanBytes
    figures.throughput = await measureThroughput({
      ...{ brokers: broker.brokers, topic, events: options.events, rounds: options.rounds },
      ...{ workDir, historyDir, profileDir: options.profileDir, signal, note },
    })
    liveDir = join(workDir, 'with-history')
  }
  if (!wants('live')) return
  note(`the service at ${options.steadyEventsPerSecond} events/s for ${options.steadySeconds} s`)
  figures.live = await measureLive({
    ...{ brokers: broker.brokers, topic, staffTopic, deadLetterTopic, dataDir: liveDir, port: await findFreePort() },
    ...{ producer, stream: events, eventsPerSecond: options.steadyEventsPerSecond, seconds: options.steadySeconds },
    signal,
  })
}

async function main(): Promise<number> {
  let options: BenchOptions
  try {
    options = parseBenchOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 2
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const workDir = mkdtempSync(join(tmpdir(), 'crmwatch-bench-'))
  try {
    const figures = await run(options, workDir, stop.signal)
    process.stdout.write(writeReport(figures))
    if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`)
    return 0
  } catch (error) {
    if (!stop.signal.aborted) throw error
    process.stderr.write('Interrupted; everything started was ended.\n')
    return 130
  } finally {
    rmSync(workDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

process.exitCode = await main()
