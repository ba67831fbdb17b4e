import { binOf, type Histogram, survivors } from './tail-counts.ts'
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

/** A judged day and what of it is counted. */
export interface CountedDay {
  readonly judged: JudgedDay
  readonly tests: boolean
  /** The highest risk of the days before that an episode reaches over, in thousandths; null: the risk is not counted. */
  readonly riskBefore: number | null
}

/**
 * How often the days of a group of people reached each test's surprises and each risk; older days count less. It is
 * never changed, and as small as what was counted: a vendor's tenants are thousands, and most of them are small.
 */
export interface JudgedCounts {
  readonly days: number
  readonly riskDays: number
  readonly tests: readonly Histogram[]
  /** Person-days on which each test could be asked. */
  readonly live: readonly number[]
  /** Person-days whose risk reaches a bin, and of them those that would only continue an episode. */
  readonly reached: Histogram
  readonly continued: Histogram
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

export const NOTHING_COUNTED: JudgedCounts = {
  days: 0,
  riskDays: 0,
  tests: Array.from({ length: TEST_COUNT }, () => []),
  live: Array.from({ length: TEST_COUNT }, () => 0),
  reached: [],
  continued: [],
}

/** The counts with a later day's, `daysSince` days after the one before it, by which what was known fades. */
export function countDays(known: JudgedCounts, counted: readonly CountedDay[], daysSince: number): JudgedCounts {
  const keep = KEEP_PER_DAY ** daysSince
  const keepRisk = keep ** RISK_FADES_FASTER
  const tests = known.tests.map((histogram) => faded(histogram, keep))
  const live = faded(known.live, keep)
  const reached = faded(known.reached, keepRisk)
  const continued = faded(known.continued, keepRisk)
  let days = known.days * keep
  let riskDays = known.riskDays * keepRisk
  for (const { judged, tests: countsTests, riskBefore } of counted) {
    if (riskBefore !== null) {
      riskDays++
      count(reached, riskBin(judged.risk))
      count(continued, riskBin(Math.min(judged.risk, riskBefore)))
    }
    if (!countsTests) continue
    days++
    // A day that may be a theft says nothing of what is rare.
    if (judged.risk < SUSPICIOUS) countTests(tests, live, judged.surprise)
  }
  return { days, riskDays, tests, live, reached, continued }
}

function countTests(tests: readonly number[][], live: number[], surprise: Int32Array): void {
  // A day that an earlier version closed says nothing of the tests that it did not have.
  for (let t = 0; t < Math.min(TEST_COUNT, surprise.length); t++) {
    if (surprise[t] < 0) continue
    live[t]++
    if (surprise[t] > 0) count(tests[t], binOf(surprise[t] / 100))
  }
}

function faded(counts: ArrayLike<number>, keep: number): number[] {
  const left: number[] = []
  for (let i = 0; i < counts.length; i++) left.push(counts[i] * keep)
  return left
}

function count(histogram: number[], bin: number): void {
  while (histogram.length <= bin) histogram.push(0)
  histogram[bin]++
}

/** Person-days that would open an alert, by the bin of the risk at which alerts open. */
export function openings({ reached, continued }: JudgedCounts): Float64Array {
  const reaching = survivors(reached)
  const continuing = survivors(continued)
  // A lower cut may open fewer alerts, since it never lets an episode end; what counts is the most any cut from here on opens.
  const opened = new Float64Array(reaching.length)
  let most = 0
  for (let bin = reaching.length - 1; bin >= 0; bin--) {
    most = Math.max(most, reaching[bin] - continuing[bin])
    opened[bin] = most
  }
  return opened
}
