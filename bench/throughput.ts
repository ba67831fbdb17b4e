import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CeilingInput, CeilingResult } from './ceiling-child.ts'
import { runChild } from './child-task.ts'
import type { PipelineInput, PipelineResult } from './pipeline-child.ts'
import { median } from './quantile.ts'

export interface ThroughputParts {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly events: number
  readonly rounds: number
  readonly workDir: string
  /** A store with history. It is copied; the last copy is left in `workDir`/with-history. */
  readonly historyDir: string
  /** Where the last round's CPU profiles go; profiling costs a few per cent. */
  readonly profileDir: string | null
  readonly signal: AbortSignal
  readonly note: (text: string) => void
}

export interface ThroughputFigures {
  readonly ceiling: { readonly settings: string; readonly runs: readonly CeilingResult[] }[]
  readonly empty: readonly PipelineResult[]
  readonly withHistory: readonly PipelineResult[]
  readonly ceilingPerSecond: number
  readonly emptyPerSecond: number
  readonly historyPerSecond: number
}

const MEBIBYTE = 1024 * 1024
const CEILING = file('ceiling-child.ts')
const PIPELINE = file('pipeline-child.ts')

/** Fetch settings of the ceiling: the source's own, and generous ones. */
const SETTINGS = [
  { settings: '4 MiB a fetch, 512 KiB a partition', fetchBytes: 4 * MEBIBYTE, fetchPartitionBytes: MEBIBYTE / 2 },
  { settings: '24 MiB a fetch, 4 MiB a partition', fetchBytes: 24 * MEBIBYTE, fetchPartitionBytes: 4 * MEBIBYTE },
]

/** Rows (a) and (b) in turn, round by round, so that what else the machine does meets all of them alike. */
export async function measureThroughput(parts: ThroughputParts): Promise<ThroughputFigures> {
  const { brokers, topic, events, workDir, signal, note } = parts
  const ceiling = SETTINGS.map((one) => ({ ...one, runs: [] as CeilingResult[] }))
  const empty: PipelineResult[] = []
  const withHistory: PipelineResult[] = []
  const groupOf = (name: string) => `bench-${name}-${process.pid}-${Date.now()}`

  const pipeline = async (dir: string, name: string, round: number) => {
    const input: PipelineInput = { dir, brokers, topic, groupId: groupOf(name), events }
    const execArgv =
      parts.profileDir === null || round < parts.rounds
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${parts.profileDir}`, `--cpu-prof-name=${name}.cpuprofile`]
    const result = await runChild<PipelineResult>(PIPELINE, input, { signal, execArgv })
    note(`${name}: ${Math.round(result.eventsPerSecond).toLocaleString('en-US')} events/s`)
    return result
  }

  for (let round = 1; round <= parts.rounds; round++) {
    for (const { runs, settings, ...fetch } of ceiling) {
      const input: CeilingInput = { brokers, topic, groupId: groupOf('ceiling'), events, ...fetch }
      const result = await runChild<CeilingResult>(CEILING, input, { signal })
      runs.push(result)
      note(`ceiling (${settings}): ${Math.round(result.eventsPerSecond).toLocaleString('en-US')} events/s`)
    }
    const emptyDir = join(workDir, 'empty')
    await fresh(emptyDir)
    empty.push(await pipeline(emptyDir, `empty-${round}`, round))
    const historyDir = join(workDir, 'with-history')
    await rm(historyDir, { recursive: true, force: true })
    await cp(parts.historyDir, historyDir, { recursive: true })
    withHistory.push(await pipeline(historyDir, `with-history-${round}`, round))
  }
  return {
    ceiling,
    empty,
    withHistory,
    ceilingPerSecond: Math.max(...ceiling.map(({ runs }) => median(runs.map((run) => run.eventsPerSecond)))),
    emptyPerSecond: median(empty.map((run) => run.eventsPerSecond)),
    historyPerSecond: median(withHistory.map((run) => run.eventsPerSecond)),
  }
}

async function fresh(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
}

function file(name: string): string {
  return join(import.meta.dirname, name)
}
