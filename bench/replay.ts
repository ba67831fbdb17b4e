import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeDataset } from '../fixtures/simulator/write-dataset.ts'

export interface ReplayFigures {
  readonly events: number
  readonly seconds: number
  readonly eventsPerSecond: number
  readonly alerts: number
}

const MAIN = join(import.meta.dirname, '..', 'main.ts')

/** Row (e): a simulated company's files through `crmwatch replay`, from the start of the process to its end. */
export async function measureReplay(
  workDir: string,
  company: { readonly staff: number; readonly weeks: number },
  signal: AbortSignal,
): Promise<ReplayFigures> {
  const data = join(workDir, 'simulated')
  const alerts = join(workDir, 'alerts.jsonl')
  const { events } = await writeDataset(data, { seed: 1, ...company })
  const started = performance.now()
  await promisify(execFile)(
    process.execPath,
    [
      ...[MAIN, 'replay', '--events', join(data, 'events.jsonl')],
      ...['--staff', join(data, 'staff.jsonl'), '--alerts-out', alerts],
    ],
    { cwd: workDir, signal, killSignal: 'SIGKILL' },
  )
  const seconds = (performance.now() - started) / 1000
  const lines = (await readFile(alerts, 'utf8')).split('\n').filter((line) => line !== '')
  return { events, seconds, eventsPerSecond: events / seconds, alerts: lines.length }
}
