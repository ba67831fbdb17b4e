import type { AdapterFigures } from './adapter-child.ts'
import type { AppendFigures } from './appending.ts'
import type { BenchOptions } from './bench-options.ts'
import type { LiveFigures } from './live.ts'
import type { LookBackFigures } from './look-back-child.ts'
import type { Machine } from './machine.ts'
import type { PipelineResult } from './pipeline-child.ts'
import { median } from './quantile.ts'
import type { ReplayFigures } from './replay.ts'
import type { TenantFigures } from './tenants-child.ts'
import type { ThroughputFigures } from './throughput.ts'

export interface BenchFigures {
  readonly machine: Machine
  readonly options: BenchOptions
  payloadBytes?: number
  throughput?: ThroughputFigures
  live?: LiveFigures
  replay?: ReplayFigures
  appending?: readonly AppendFigures[]
  adapters?: readonly AdapterFigures[]
  lookBack?: LookBackFigures
  tenants?: TenantFigures
}

/** One line of the table: what, the figure, and what was to be reached, if anything. */
interface Row {
  readonly what: string
  readonly figure: string
  readonly target?: { readonly text: string; readonly met: boolean }
}

export function writeReport(figures: BenchFigures): string {
  const { machine, options } = figures
  const rows = [
    ...(figures.throughput === undefined ? [] : throughputRows(figures.throughput)),
    ...(figures.live === undefined ? [] : liveRows(figures.live, options)),
    ...(figures.replay === undefined ? [] : replayRows(figures.replay)),
    ...(figures.appending ?? []).map(appendRow),
    ...(figures.adapters ?? []).flatMap(adapterRows),
    ...(figures.lookBack === undefined ? [] : lookBackRows(figures.lookBack)),
    ...(figures.tenants === undefined ? [] : tenantRows(figures.tenants)),
  ]
  const whatWidth = Math.max(...rows.map(({ what }) => what.length))
  const figureWidth = Math.max(...rows.map(({ figure }) => figure.length))
  const lines = rows.map(({ what, figure, target }) => {
    const aim = target === undefined ? '' : `${target.met ? 'met   ' : 'MISSED'}  ${target.text}`
    return `${what.padEnd(whatWidth)}  ${figure.padEnd(figureWidth)}  ${aim}`.trimEnd()
  })
  const payload = figures.payloadBytes === undefined ? '' : ` of ${figures.payloadBytes.toFixed(0)} B`
  return [
    `${machine.cores} cores (${machine.model}), ${machine.memoryGibibytes} GiB, Node ${machine.node}, DuckDB ${machine.duckdb}, Kafka ${machine.kafka}, all on one machine`,
    `${count(options.events)} events${payload} in the topic, ${count(options.history)} in the store before them, ${count(options.actors)} actors, ${options.rounds} rounds`,
    '',
    ...lines,
    '',
  ].join('\n')
}

function throughputRows(figures: ThroughputFigures): Row[] {
  const { ceilingPerSecond, emptyPerSecond, historyPerSecond } = figures
  const slower = Math.min(emptyPerSecond, historyPerSecond)
  const share = historyPerSecond / ceilingPerSecond
  const kept = historyPerSecond / emptyPerSecond
  return [
    ...figures.ceiling.map(({ settings, runs }) => ({
      what: `(a) kafkajs and JSON.parse alone, ${settings}`,
      figure: `${count(median(runs.map((run) => run.eventsPerSecond)))}/s, ${seconds(median(runs.map((run) => run.cpuSeconds)))} CPU`,
    })),
    { what: '(b) whole pipeline, empty store', figure: pipelineFigure(figures.empty, ceilingPerSecond) },
    { what: '    ... how', figure: pipelineDetail(figures.empty) },
    {
      what: '(b) whole pipeline, with history',
      figure: pipelineFigure(figures.withHistory, ceilingPerSecond),
      target: { text: '>= 100,000/s', met: slower >= 100_000 },
    },
    { what: '    ... how', figure: pipelineDetail(figures.withHistory) },
    { what: '    ... of (a)', figure: percent(share), target: { text: '>= 35 % (aim 50 %)', met: share >= 0.35 } },
    { what: '    ... of the empty store', figure: percent(kept), target: { text: '>= 90 %', met: kept >= 0.9 } },
    memoryRow('    resident memory, catching up', Math.max(...figures.withHistory.map((run) => run.peakRssBytes))),
    {
      what: '    at rest',
      figure: `${figures.empty[0].bytesPerEvent.toFixed(1)} B an event empty, ${figures.withHistory[0].bytesPerEvent.toFixed(1)} B with history`,
      target: { text: '<= 40 B', met: figures.withHistory[0].bytesPerEvent <= 40 },
    },
  ]
}

function pipelineFigure(runs: readonly PipelineResult[], ceiling: number): string {
  const rate = median(runs.map((run) => run.eventsPerSecond))
  const rates = runs.map((run) => Math.round(run.eventsPerSecond / 1000)).join(', ')
  return `${count(rate)}/s (${rates} k), ${percent(rate / ceiling)} of (a), ${seconds(median(runs.map((run) => run.cpuSeconds)))} CPU`
}

function pipelineDetail(runs: readonly PipelineResult[]): string {
  const run = runs[0]
  return `${run.batches} batches of ${count(run.batchEvents.median)} (most ${count(run.batchEvents.largest)}) in ${(run.batchSeconds.median * 1000).toFixed(0)} ms (most ${(run.batchSeconds.largest * 1000).toFixed(0)}), GC ${percent(run.gcShare)}, idle ${percent(run.idleShare)}, opened in ${seconds(run.openSeconds)}, ${count(run.findings)} findings, ${count(run.alerts)} alerts`
}

function liveRows(figures: LiveFigures, options: BenchOptions): Row[] {
  const { visibleMs, reads, readsMs } = figures
  return [
    {
      what: `(d) ready after a restart on the store with history`,
      figure: seconds(figures.readySeconds),
      target: { text: '<= 15 s', met: figures.readySeconds <= 15 },
    },
    {
      what: `(c) produced to visible over HTTP at ${count(options.steadyEventsPerSecond)} events/s`,
      figure: `p50 ${ms(visibleMs.p50)}, p99 ${ms(visibleMs.p99)}, most ${ms(visibleMs.most)}; ${visibleMs.probes} probes, ${figures.unseenProbes} unseen, ${count(figures.producedPerSecond)}/s produced`,
      target: { text: 'p99 <= 1 s', met: visibleMs.p99 <= 1_000 && figures.unseenProbes === 0 },
    },
    {
      what: '    API reads meanwhile',
      figure: `p50 ${ms(readsMs.p50)}, p99 ${ms(readsMs.p99)}, ${figures.failedReads} failed`,
      target: { text: 'p99 <= 50 ms', met: readsMs.p99 <= 50 && figures.failedReads === 0 },
    },
    ...Object.entries(reads).map(([route, { p50, p99, requests }]) => ({
      what: `    ... ${route}`,
      figure: `p50 ${ms(p50)}, p99 ${ms(p99)} (${requests})`,
    })),
    memoryRow('    resident memory', figures.peakRssBytes),
  ]
}

function replayRows(figures: ReplayFigures): Row[] {
  return [
    {
      what: '(e) replay of simulated files',
      figure: `${count(figures.events)} events in ${seconds(figures.seconds)}, ${count(figures.eventsPerSecond)}/s, ${figures.alerts} alerts`,
      target: { text: '<= 30 s for 1.5 M', met: 1_500_000 / figures.eventsPerSecond <= 30 },
    },
  ]
}

function appendRow({ batchRows, columns, jsonLines, jsonLinesGiven }: AppendFigures): Row {
  return {
    what: `(f) appending ${count(batchRows)} rows at a time`,
    figure: `columns ${count(columns)}/s, JSON lines ${count(jsonLines)}/s, lines at hand ${count(jsonLinesGiven)}/s`,
  }
}

function adapterRows(figures: AdapterFigures): Row[] {
  const { adapter, file, rowsPerSecond, megabytesPerSecond, eventShare, barePerSecond } = figures
  const own: Row = {
    what: `(g) ${adapter}: ${file}`,
    figure: `${count(rowsPerSecond)} rows/s, ${megabytesPerSecond.toFixed(0)} MB/s, ${percent(eventShare)} access`,
  }
  if (barePerSecond === null) return [own]
  const share = rowsPerSecond / barePerSecond
  const figure = `${percent(share)} of ${count(barePerSecond)} rows/s`
  return [own, { what: '    ... of csv-parse alone', figure, target: { text: '>= 50 %', met: share >= 0.5 } }]
}

function lookBackRows({ events, others, ...figures }: LookBackFigures): Row[] {
  return [
    {
      what: `(h) look-back over ${count(events)} events of one person, of ${count(events + others)}`,
      figure: `${seconds(figures.seconds)}, slowest ${seconds(figures.slowestSeconds)}, ${figures.findings} findings`,
      target: { text: '<= 5 s', met: figures.slowestSeconds <= 5 },
    },
    memoryRow('    resident memory', figures.peakRssBytes),
  ]
}

function tenantRows({ tenants, people, workdays, events, ...figures }: TenantFigures): Row[] {
  return [
    {
      what: `(i) ${count(tenants)} tenants, ${count(people)} people, over ${workdays} working days`,
      figure: `${count(events)} events in ${seconds(figures.seconds)}, ${count(figures.eventsPerSecond)}/s`,
    },
    {
      what: '    resident memory then',
      figure: `${mebibytes(figures.rssBytes)} MiB, of it V8 ${mebibytes(figures.heapBytes)}, arrays ${mebibytes(figures.arrayBytes)}`,
    },
    { what: '    ready after a restart', figure: seconds(figures.openSeconds) },
  ]
}

const memoryRow = (what: string, bytes: number): Row => ({
  what,
  figure: `${mebibytes(bytes)} MiB`,
  target: { text: '<= 1 GB', met: bytes <= 1e9 },
})

const count = (value: number): string => Math.round(value).toLocaleString('en-US')
const mebibytes = (bytes: number): string => count(bytes / 2 ** 20)
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`
const seconds = (value: number): string => `${value.toFixed(1)} s`
const ms = (value: number): string => `${value.toFixed(0)} ms`
