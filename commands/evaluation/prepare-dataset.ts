import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { createCalendar } from '../../detectors/days/calendar.ts'
import type { Mark } from '../../fixtures/evaluation/mark.ts'
import type { CampaignTruth } from '../../fixtures/evaluation/truth.ts'
import type { SimulatorOptions } from '../../fixtures/simulator/options.ts'
import { simulate } from '../../fixtures/simulator/simulate.ts'
import { writeDataset } from '../../fixtures/simulator/write-dataset.ts'
import { openFoundation } from '../../ingest/core.ts'
import { type ImportSummary, importFiles } from '../../ingest/offline/import-files.ts'
import { LATEST_TIME } from '../../model/event-time.ts'
import type { StaffRecord } from '../../model/staff.ts'
import { makeFolder } from '../../store/make-folder.ts'
import { coreOptions } from '../core-options.ts'
import { readStaffFile } from '../read-staff-file.ts'
import { checkLabels } from './check-labels.ts'
import { type Dataset, employeesOf, judgedFrom, whyNotJudged } from './dataset.ts'
import { type LabelsFile, readLabels } from './labels-file.ts'
import { createObserver, type Observer, observeFile } from './observe-events.ts'
import { labelsPath, openLabels } from './open-labels.ts'

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
    const labels = readLabels(simulation.labels(), parts.say)
    const observer = createObserver(labels, createCalendar(timezone).dayOf)
    makeFolder(dir)
    await writeDataset(dir, options, (event) => observer.add(event))
    await prepareStore(dir, join(dir, 'events.jsonl'), observer, parts)
    rmSync(join(dir, 'events.jsonl'))
  }
  return openPrepared(
    {
      name,
      dir,
      timeZone: timezone,
      labels: openLabels(dir, parts.say),
      labelsName: name,
      staff: await staffOf(dir, parts),
    },
    parts,
  )
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
  const labels = openLabels(source, parts.say)
  const staff = await staffOf(source, parts)
  if (!existsSync(join(storeDir, PREPARED))) {
    makeFolder(storeDir)
    const observer = createObserver(labels, createCalendar(timeZone).dayOf)
    await observeFile(events, observer)
    // Where nothing could be observed, the import says why.
    if (observer.count > 0) checkAgainst(source, labels, observer, staff, parts)
    await prepareStore(storeDir, events, observer, parts)
  }
  return openPrepared({ name: source, dir: storeDir, timeZone, labels, labelsName: labelsPath(source), staff }, parts)
}

function checkAgainst(
  source: string,
  labels: LabelsFile,
  observer: Observer,
  staff: readonly StaffRecord[],
  { say }: PrepareOptions,
): void {
  const onStaff = new Set(staff.map(({ actor_uid }) => actor_uid))
  const hasActor = (uid: string) => observer.hasActor(uid) || onStaff.has(uid)
  for (const doubt of checkLabels(labels, { span: observer.span, hasActor, hasEvent: observer.hasEvent }))
    say(`${labelsPath(source)}: ${doubt}`)
}

async function staffOf(source: string, { config, say }: PrepareOptions): Promise<StaffRecord[]> {
  const file = ['staff.jsonl', 'staff.ndjson', 'staff.csv'].map((name) => join(source, name)).find(existsSync)
  return file === undefined ? [] : readStaffFile(file, config.org.default, { write: say })
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
      latestTime: LATEST_TIME,
      now: now(),
      source: 'replay',
    })
    if (imported.events + imported.duplicates === 0) throw new Error(whyNothing(file, imported))
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

function whyNothing(file: string, { firstRejects }: ImportSummary): string {
  const [first] = firstRejects
  const why =
    first === undefined ? 'it holds no events' : `all its lines are refused, line ${first.line}: ${first.detail}`
  return `nothing to evaluate in ${file}: ${why}`
}

interface Source extends Pick<Dataset, 'name' | 'dir' | 'timeZone' | 'staff'> {
  readonly labels: LabelsFile
  /** As messages name them. */
  readonly labelsName: string
}

function openPrepared(
  { name, dir, timeZone, labels, labelsName, staff }: Source,
  { warmUpWeeks }: PrepareOptions,
): Dataset {
  const prepared: Prepared = JSON.parse(readFileSync(join(dir, PREPARED), 'utf8'))
  const { events, campaigns, fixedLimit, ownScore } = prepared
  const from = judgedFrom(labels, prepared.span, warmUpWeeks)
  const why = whyNotJudged(from, prepared.span, warmUpWeeks)
  if (why !== null) throw new Error(`${warmUpWeeks === null ? labelsName : name}: ${why}`)
  const truth = {
    campaigns,
    benign: labels.benign,
    employees: employeesOf(staff),
    from,
    to: prepared.span.to + 1,
  }
  return { name, dir, timeZone, events, staff, truth, planted: labels.planted, fixedLimit, ownScore }
}
