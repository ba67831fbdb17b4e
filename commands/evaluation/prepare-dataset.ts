import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { createCalendar } from '../../detectors/calendar.ts'
import type { Mark } from '../../fixtures/evaluation/mark.ts'
import type { CampaignTruth } from '../../fixtures/evaluation/truth.ts'
import type { SimulatorOptions } from '../../fixtures/simulator/options.ts'
import { simulate } from '../../fixtures/simulator/simulate.ts'
import { writeDataset } from '../../fixtures/simulator/write-dataset.ts'
import { openFoundation } from '../../ingest/core.ts'
import { importFiles } from '../../ingest/import-files.ts'
import { coreOptions } from '../core-options.ts'
import { readStaffFile } from '../read-staff-file.ts'
import { type Dataset, employeesOf, judgedFrom } from './dataset.ts'
import { readLabels } from './labels-file.ts'
import { createObserver, type Observer, observeFile } from './observe-events.ts'
import { openLabels } from './open-labels.ts'

export interface PrepareOptions {
  readonly config: Config
  readonly warmUpWeeks: number | null
  readonly say: (text: string) => void
  /** Wall clock, epoch ms. */
  readonly now: () => number
}

/** What is kept of a data set beside its store, so that it need not be read again. */
interface Prepared {
  readonly events: number
  readonly span: { readonly from: number; readonly to: number }
  readonly campaigns: readonly CampaignTruth[]
  readonly fixedLimit: readonly Mark[]
  readonly ownScore: readonly Mark[]
}

const PREPARED = 'prepared.json'

/** Simulates into `dir` and prepares it; a folder prepared before is taken as it is. The events file is dropped. */
export async function prepareSimulated(
  dir: string,
  options: SimulatorOptions,
  parts: PrepareOptions,
): Promise<Dataset> {
  const name = `seed ${options.seed}`
  const simulation = simulate(options)
  const { timezone } = simulation.options
  if (!existsSync(join(dir, PREPARED))) {
    rmSync(dir, { recursive: true, force: true })
    const labels = readLabels(simulation.labels())
    const observer = createObserver(labels, createCalendar(timezone).dayOf)
    await writeDataset(dir, options, (event) => observer.add(event))
    await prepareStore(dir, join(dir, 'events.jsonl'), observer, parts)
    rmSync(join(dir, 'events.jsonl'))
  }
  return openPrepared(name, dir, dir, timezone, parts)
}

/** Prepares a labelled folder: events.jsonl, staff.jsonl or staff.csv, labels.json. `storeDir` is for the store. */
export async function prepareFolder(
  source: string,
  storeDir: string,
  timeZone: string,
  parts: PrepareOptions,
): Promise<Dataset> {
  const events = ['events.jsonl', 'events.jsonl.gz', 'events.ndjson'].map((name) => join(source, name)).find(existsSync)
  if (events === undefined) throw new Error(`${source} holds no events.jsonl`)
  if (!existsSync(join(storeDir, PREPARED))) {
    mkdirSync(storeDir, { recursive: true })
    const observer = createObserver(openLabels(source), createCalendar(timeZone).dayOf)
    await observeFile(events, observer)
    await prepareStore(storeDir, events, observer, parts)
  }
  return openPrepared(source, source, storeDir, timeZone, parts)
}

async function prepareStore(dir: string, file: string, observer: Observer, { config, say, now }: PrepareOptions) {
  const foundation = await openFoundation({
    ...coreOptions(config),
    dir,
    memoryLimit: `${Math.max(config.data.memory_limit_mb, 1024)}MB`,
    now,
    after: () => () => undefined,
  })
  try {
    const imported = await importFiles([file], foundation, {
      defaultOrg: config.org.default,
      latestTime: Number.MAX_SAFE_INTEGER,
      now: now(),
      source: 'replay',
    })
    const refused = [...imported.rejected.values()].reduce((a, b) => a + b, 0)
    if (refused > 0) say(`${file}: ${refused} lines refused, first: ${imported.firstRejects[0]?.detail}`)
    const prepared: Prepared = {
      events: imported.events,
      span: observer.span,
      campaigns: observer.campaigns(),
      fixedLimit: observer.peers.fixedLimit,
      ownScore: observer.peers.ownScore,
    }
    writeFileSync(join(dir, `${PREPARED}.new`), JSON.stringify(prepared))
  } finally {
    await foundation.db[Symbol.asyncDispose]()
  }
  renameSync(join(dir, `${PREPARED}.new`), join(dir, PREPARED))
}

async function openPrepared(
  name: string,
  source: string,
  dir: string,
  timeZone: string,
  { config, warmUpWeeks, say }: PrepareOptions,
): Promise<Dataset> {
  const prepared: Prepared = JSON.parse(readFileSync(join(dir, PREPARED), 'utf8'))
  const labels = openLabels(source)
  const staffFile = ['staff.jsonl', 'staff.ndjson', 'staff.csv'].map((file) => join(source, file)).find(existsSync)
  const staff = staffFile === undefined ? [] : await readStaffFile(staffFile, config.org.default, { write: say })
  const { events, campaigns, fixedLimit, ownScore } = prepared
  const from = judgedFrom(labels, prepared.span, warmUpWeeks)
  const truth = {
    campaigns,
    benign: labels.benign,
    employees: employeesOf(staff),
    from,
    to: prepared.span.to + 1,
  }
  return { name, dir, timeZone, events, staff, truth, planted: labels.planted, fixedLimit, ownScore }
}
