import { join } from 'node:path'
import type { EvaluateCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import { type OutputFile, withOutputFile } from '../cli/output-file.ts'
import { workingFolder } from '../cli/working-folder.ts'
import type { Config } from '../config.ts'
import type { SimulatorOptions } from '../fixtures/simulator/options.ts'
import { writeDataset } from '../fixtures/simulator/write-dataset.ts'
import { makeFolder } from '../store/make-folder.ts'
import { folderKey, shortHash } from './evaluation/cache-key.ts'
import type { Dataset } from './evaluation/dataset.ts'
import { type EvaluatedRun, evaluateRuns } from './evaluation/evaluate-runs.ts'
import { formatEvaluation } from './evaluation/format-evaluation.ts'
import { prepareFolder, prepareSimulated } from './evaluation/prepare-dataset.ts'
import { runProduct } from './evaluation/run-product.ts'
import { simulatorVersion } from './evaluation/simulator-version.ts'

export interface EvaluateParts {
  readonly config: Config
  readonly stdout: Output
  readonly stderr: Output
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

/**
 * Measures what the product catches and at what price, on simulated companies or on labelled folders. Exit code 2 when
 * the figures could not be written.
 */
export function evaluate(command: EvaluateCommand, parts: EvaluateParts): Promise<number> {
  const { stderr } = parts
  if (command.write !== null) return writeOut(command, command.write, stderr)
  const output = { option: 'evaluate: --json', path: command.json, inputs: [], stderr }
  return withOutputFile(output, (json) => measure(command, parts, json))
}

async function measure(command: EvaluateCommand, parts: EvaluateParts, json: OutputFile | null): Promise<number> {
  const scored: EvaluatedRun[] = []
  const calibrating: EvaluatedRun[] = []
  for (const dir of command.data) scored.push(await evaluateOne(command, { dir }, parts))
  for (const seed of command.calibrationSeeds) calibrating.push(await evaluateOne(command, { seed }, parts))
  for (const seed of command.seeds) scored.push(await evaluateOne(command, { seed }, parts))
  const asked = { ordinary: command.budget, leaver: command.leaverBudget }
  const budgets = command.budgets.map((ordinary) => ({
    ordinary,
    leaver: (ordinary * command.leaverBudget) / command.budget,
  }))
  const evaluation = evaluateRuns(scored, calibrating, budgets)
  parts.stdout.write(formatEvaluation(evaluation, asked))
  json?.write(`${JSON.stringify(evaluation, null, 1)}\n`)
  return 0
}

/** What a transport usually does: some events late, some twice. */
const DISORDER = { late: 0.004, lateMaxMs: 1_800_000, duplicates: 0.002 }

type Source = { readonly seed: number } | { readonly dir: string }

/** Prepares one data set, folds it in each way, and throws its store away unless it is to be kept. */
async function evaluateOne(command: EvaluateCommand, source: Source, parts: EvaluateParts): Promise<EvaluatedRun> {
  const { config, stderr, now, monotonic } = parts
  const startedAt = monotonic()
  const kept = command.cache === null ? null : join(command.cache, cacheKey(command, source))
  const folder = workingFolder(kept, 'crmwatch-evaluate-')
  const { dir } = folder
  try {
    const say = (text: string) => stderr.write(`${text}\n`)
    const options = { config, warmUpWeeks: command.warmUpWeeks, say, now }
    const timeZone = command.timezone ?? config.timezone
    const dataset =
      'seed' in source
        ? await prepareSimulated(dir, simulatorOptions(command, source.seed), options)
        : await prepareFolder(source.dir, dir, timeZone, options)
    const preparedAt = monotonic()
    const run = await foldAll(command, dataset, parts)
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
    say(
      `${dataset.name}: ${dataset.events} events, prepared in ${seconds(startedAt, preparedAt)} s, folded in ${seconds(preparedAt, monotonic())} s, ${run.configured.openings.length} alerts`,
    )
    return run
  } finally {
    folder.remove()
  }
}

async function foldAll(
  command: EvaluateCommand,
  dataset: Dataset,
  { config, now }: EvaluateParts,
): Promise<EvaluatedRun> {
  const { name, events, truth, fixedLimit, ownScore } = dataset
  const configured = await runProduct(dataset, { config, now, withStaff: true, cuts: 'configured' })
  const loose = await runProduct(dataset, { config, now, withStaff: true, cuts: 'loose' })
  const withoutStaff = command.quick
    ? null
    : await runProduct(dataset, { config, now, withStaff: false, cuts: 'loose' })
  return { name, events, truth, configured, loose, withoutStaff, fixedLimit, ownScore }
}

const simulatorOptions = (command: EvaluateCommand, seed: number): SimulatorOptions => ({
  seed,
  staff: command.staff,
  weeks: command.weeks,
  ids: command.ids,
  exportSizes: command.exportSizes,
  campaigns: { share: command.thieves },
  disorder: DISORDER,
})

/** The same data, of the same simulator and store, are found again under the same name. */
function cacheKey(command: EvaluateCommand, source: Source): string {
  if ('dir' in source) return folderKey(source.dir)
  const key = JSON.stringify([simulatorOptions(command, source.seed), simulatorVersion()])
  return `seed-${source.seed}-${shortHash(key)}`
}

async function writeOut(command: EvaluateCommand, dir: string, stderr: Output): Promise<number> {
  for (const seed of command.seeds) {
    const target = command.seeds.length > 1 ? join(dir, `seed-${seed}`) : dir
    makeFolder(target)
    const written = await writeDataset(target, simulatorOptions(command, seed))
    stderr.write(
      `${target}: ${written.events} events, ${written.staffRecords} staff records, ${written.campaigns} campaigns\n`,
    )
  }
  return 0
}
