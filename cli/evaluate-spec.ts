import { ID_STYLES } from '../fixtures/simulator/contact-uid.ts'
import { EXPORT_SIZES } from '../fixtures/simulator/export-sizes.ts'
import type { CommandSpec } from './command-spec.ts'
import { type Given, UsageMistake } from './given.ts'
import { allowedFor, anyNumber, type OptionSpec, wholeNumber } from './option-spec.ts'
import { BUDGET, readBudgets } from './read-budgets.ts'

const MAX_SEED = 4_294_967_295
const wholeNumbers = (to: number) => `whole numbers up to ${to} such as 11,12 or 11-16`

const OPTIONS: Readonly<Record<string, OptionSpec>> = {
  seeds: {
    value: 'N',
    takes: wholeNumbers(MAX_SEED),
    many: true,
    help: 'Simulated companies to score, as 11,12 or 11-16.',
  },
  'calibration-seeds': {
    value: 'N',
    takes: wholeNumbers(MAX_SEED),
    many: true,
    help: 'Other ones on which the cuts of the comparison are fixed (default: each half of the data by the other).',
  },
  data: { value: 'DIR', many: true, help: 'Labelled folders to score.' },
  write: { value: 'DIR', help: 'Write the simulated data into this folder instead.' },
  staff: { value: 'N', takes: wholeNumber(1, 100_000), help: 'People in a simulated company (default: 400).' },
  weeks: { value: 'N', takes: wholeNumber(1, 520), help: 'Weeks simulated (default: 20).' },
  thieves: { value: 'SHARE', takes: anyNumber(0, 1), help: 'Share of the people who steal, at most (default: 0.08).' },
  ids: { value: 'STYLE', help: 'How contacts are numbered: counting (default) or opaque.' },
  'export-sizes': {
    value: 'WHICH',
    help: 'Whether the log says how many records exports had: told (default) or untold.',
  },
  'warm-up-weeks': {
    value: 'N',
    takes: wholeNumber(0, 520),
    help: 'Weeks at the start that are not judged (default: as labelled, else 8).',
  },
  budget: {
    value: 'N',
    takes: BUDGET,
    help: 'False alerts per 1,000 employees a week that are asked for (default: 5).',
  },
  'leaver-budget': { value: 'N', takes: BUDGET, help: 'The same for leavers alone (default: 5).' },
  budgets: {
    value: 'N',
    takes: BUDGET,
    many: true,
    help: 'Budgets of the comparison (default: 1, 5 and 20).',
  },
  quick: { help: 'Leave out the product without the staff feed.' },
  cache: { value: 'DIR', help: 'Keep the stores of the data there, to fold them again without reading them again.' },
  json: { value: 'FILE', help: 'Write all figures there as JSON too, and every theft and false alert.' },
  timezone: { value: 'ZONE', help: 'IANA time zone of folders (default: timezone of the configuration).' },
  config: { value: 'FILE', help: 'Configuration file (default: ./crmwatch.yaml if there is one).' },
}

export const EVALUATE: CommandSpec = {
  name: 'evaluate',
  summary: 'measure what the detectors catch, and at what price',
  description:
    'Folds labelled data through the same detectors as the service and prints recall per kind of theft, false alerts, time to detect and calibration, beside simpler ways of detecting at equal budgets of false alerts. The data are simulated (--seeds) or folders with events.jsonl, staff.jsonl and labels.json (--data). With --write nothing is measured: the simulated data are written in that form.',
  options: OPTIONS,
  examples: [
    'crmwatch evaluate --seeds 11-16',
    'crmwatch evaluate --data march --timezone Europe/Berlin --json figures.json',
    'crmwatch evaluate --seeds 11 --write simulated',
  ],
  build: (given) => {
    const seeds = numbersOf(given, 'seeds', MAX_SEED)
    const data = given.texts('data')
    if (seeds.length + data.length === 0) throw new UsageMistake('--seeds N or --data DIR is missing')
    const write = given.text('write')
    if (write !== null) checkWrite(given)
    const calibrationSeeds = numbersOf(given, 'calibration-seeds', MAX_SEED)
    const weeks = given.number('weeks') ?? 20
    const warmUpWeeks = given.number('warm-up-weeks')
    if (seeds.length + calibrationSeeds.length > 0 && warmUpWeeks !== null && warmUpWeeks >= weeks)
      throw new UsageMistake(`--warm-up-weeks ${warmUpWeeks} leaves nothing of ${weeks} simulated weeks to judge`)
    const budgets = readBudgets(given, 'budgets')
    return {
      command: 'evaluate',
      seeds,
      calibrationSeeds,
      data,
      write,
      staff: given.number('staff') ?? 400,
      weeks,
      thieves: given.number('thieves') ?? 0.08,
      ids: given.oneOf('ids', ID_STYLES) ?? 'counting',
      exportSizes: given.oneOf('export-sizes', EXPORT_SIZES) ?? 'told',
      warmUpWeeks,
      budget: given.number('budget') ?? 5,
      leaverBudget: given.number('leaver-budget') ?? 5,
      budgets: budgets.length > 0 ? budgets : [1, 5, 20],
      quick: given.switch('quick'),
      cache: given.text('cache'),
      json: given.text('json'),
      timezone: given.timeZone('timezone'),
      config: given.text('config'),
    }
  },
}

/** All that says how to measure, and what. */
const MEASURING = [
  'data',
  'calibration-seeds',
  'warm-up-weeks',
  'budget',
  'leaver-budget',
  'budgets',
  'quick',
  'cache',
  'json',
  'timezone',
]

function checkWrite(given: Given): void {
  if (given.texts('seeds').length === 0) throw new UsageMistake('--write needs --seeds N')
  const wrong = MEASURING.find((name) => given.switch(name))
  if (wrong !== undefined) throw new UsageMistake(`--write measures nothing, and goes without --${wrong}`)
}

/** Whole numbers given as several values, with commas, or as a span such as 11-16. */
function numbersOf(given: Given, name: string, most: number): number[] {
  return given.texts(name).flatMap((text) =>
    text.split(',').flatMap((part): number[] => {
      const span = /^(\d+)(?:-(\d+))?$/.exec(part.trim())
      const from = Number(span?.[1])
      const to = Number(span?.[2] ?? span?.[1])
      if (span === null || from > to || to > most || to - from > 1000) {
        throw new UsageMistake(`--${name} takes ${allowedFor(OPTIONS[name])}, not '${part}'`)
      }
      return Array.from({ length: to - from + 1 }, (_, place) => from + place)
    }),
  )
}
