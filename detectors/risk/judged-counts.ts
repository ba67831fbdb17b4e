import { binOf, survivors, TAIL_BINS } from './tail-counts.ts'
import { TEST_COUNT } from './tests.ts'

/** A person's day, closed and judged. */
export interface JudgedDay {
  readonly day: number
  readonly role: string
  readonly org: string
  /** Highest surprise of each test, in hundredths; below 0 where the test could not be asked. */
  readonly surprise: Int32Array
  readonly actor: number
  /** In thousandths. */
  readonly risk: number
  readonly leaver: boolean
}

/** How often the days of a group of people reached each test's surprises and each risk; older days count less. */
export interface JudgedCounts {
  days: number
  riskDays: number
  readonly tests: Float64Array
  /** Person-days on which each test could be asked. */
  readonly live: Float64Array
  /** Person-days whose risk reaches a bin, and of them those that would only continue an episode. */
  readonly reached: Float64Array
  readonly continued: Float64Array
}

/** A day's count is halved in 90 days. */
export const KEEP_PER_DAY = 0.5 ** (1 / 90)
/** Risks fade three times as fast as tests' surprises, since they depend on how well those were calibrated. */
const RISK_FADES_FASTER = 3
/** Risk, in thousandths, from which a day may be a theft and does not teach what is rare; few honest days reach it. */
const SUSPICIOUS = 20_000
/** Risks reach further than surprises: they are counted on the same grid by their halves. */
export const RISK_SCALE = 2
const riskBin = (risk: number): number => binOf(risk / 1000 / RISK_SCALE)

export const createJudgedCounts = (): JudgedCounts => ({
  days: 0,
  riskDays: 0,
  tests: new Float64Array(TEST_COUNT * TAIL_BINS),
  live: new Float64Array(TEST_COUNT),
  reached: new Float64Array(TAIL_BINS),
  continued: new Float64Array(TAIL_BINS),
})

/** Counts the surprises of a day, unless it may be a theft. */
export function countTests(counts: JudgedCounts, { surprise, risk }: JudgedDay): void {
  counts.days++
  if (risk >= SUSPICIOUS) return
  // A day that an earlier version closed says nothing of the tests that it did not have.
  for (let t = 0; t < Math.min(TEST_COUNT, surprise.length); t++) {
    if (surprise[t] < 0) continue
    counts.live[t]++
    if (surprise[t] > 0) counts.tests[t * TAIL_BINS + binOf(surprise[t] / 100)]++
  }
}

/** Counts the risk of a day; `before` is the highest of the days that an episode reaches over. In thousandths. */
export function countRisk(counts: JudgedCounts, risk: number, before: number): void {
  counts.riskDays++
  counts.reached[riskBin(risk)]++
  counts.continued[riskBin(Math.min(risk, before))]++
}

/** Person-days that would open an alert, by the bin of the risk at which alerts open. */
export function openings({ reached, continued }: JudgedCounts): Float64Array {
  const reaching = survivors(reached, 0)
  const continuing = survivors(continued, 0)
  // A lower cut may open fewer alerts, since it never lets an episode end; what counts is the most any cut from here on opens.
  const opened = new Float64Array(TAIL_BINS)
  let most = 0
  for (let bin = TAIL_BINS - 1; bin >= 0; bin--) {
    most = Math.max(most, reaching[bin] - continuing[bin])
    opened[bin] = most
  }
  return opened
}

/** Adds a later day's counts to what is known, which fades. */
export function fadeCounts(known: JudgedCounts, taught: JudgedCounts, daysSince: number): void {
  const keep = KEEP_PER_DAY ** daysSince
  known.days = known.days * keep + taught.days
  fade(known.tests, taught.tests, keep)
  fade(known.live, taught.live, keep)
  const keepRisk = keep ** RISK_FADES_FASTER
  known.riskDays = known.riskDays * keepRisk + taught.riskDays
  fade(known.reached, taught.reached, keepRisk)
  fade(known.continued, taught.continued, keepRisk)
}

function fade(to: Float64Array, from: Float64Array, keep: number): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i] * keep + from[i]
}
