import { parseArgs } from 'node:util'

export const PARTS = ['throughput', 'live', 'replay', 'appending', 'adapters', 'look-back', 'tenants'] as const
export type Part = (typeof PARTS)[number]

export interface BenchOptions {
  /** File for the figures as JSON; null for none. */
  readonly json: string | null
  /** Events in the topic. */
  readonly events: number
  /** Events in the store before the topic's. */
  readonly history: number
  /** Rounds of the throughput rows; the median counts. */
  readonly rounds: number
  readonly actors: number
  readonly steadySeconds: number
  readonly steadyEventsPerSecond: number
  readonly replay: { readonly staff: number; readonly weeks: number }
  readonly appendRows: number
  readonly adapterRows: number
  /** Events of one person, and of the others in the store. */
  readonly lookBack: { readonly events: number; readonly others: number }
  readonly tenants: { readonly tenants: number; readonly workdays: number }
  /** The only part to run; null for all. */
  readonly only: Part | null
  /** Folder for V8 CPU profiles of the pipeline's runs; null for none. */
  readonly profileDir: string | null
}

export const USAGE = `Usage: npm run bench -- [${PARTS.join('|')}] [--quick] [--events N] [--history N] [--rounds N] [--json FILE] [--cpu-prof DIR]`

/** Throws with what is wrong and what is allowed. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      events: { type: 'string' },
      history: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      'cpu-prof': { type: 'string' },
    },
  })
  const { quick } = values
  const [named = values.only, ...more] = positionals
  const only = PARTS.find((part) => part === named) ?? null
  if ((named !== undefined && only === null) || more.length > 0)
    throw new Error(`the part to measure must be one of ${PARTS.join(', ')}\n${USAGE}`)
  return {
    json: values.json ?? null,
    events: whole('--events', values.events, quick ? 200_000 : 2_000_000),
    history: whole('--history', values.history, quick ? 300_000 : 10_000_000),
    rounds: whole('--rounds', values.rounds, quick ? 1 : 3),
    actors: 5_000,
    steadySeconds: quick ? 10 : 60,
    steadyEventsPerSecond: 5_000,
    replay: quick ? { staff: 100, weeks: 4 } : { staff: 400, weeks: 20 },
    appendRows: quick ? 50_000 : 200_000,
    adapterRows: quick ? 20_000 : 60_000,
    lookBack: { events: 100_000, others: quick ? 100_000 : 1_000_000 },
    tenants: quick ? { tenants: 200, workdays: 20 } : { tenants: 2_000, workdays: 60 },
    only,
    profileDir: values['cpu-prof'] ?? null,
  }
}

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text.replaceAll('_', ''))
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new Error(`${name} must be a whole number of at least 1\n${USAGE}`)
}
