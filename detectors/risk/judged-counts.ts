import { DAYS_TO_KNOW } from './days-to-know.ts'
import { binOf, type Histogram, scoreOfBin, survivors } from './tail-counts.ts'
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
  /** Days since the person was judged for the first time. */
  readonly daysKnown: number
  /** The highest risk of the days before that an episode reaches over, in thousandths; null: the risk is not counted. */
  readonly riskBefore: number | null
}

/** How often person-days reached each test's surprises. */
export interface TestCounts {
  readonly tests: readonly Histogram[]
  /** Person-days on which each test could be asked. */
  readonly live: readonly number[]
}

/**
 * How often the days of a group of people reached each test's surprises and each risk; older days count less. It is
 * never changed, and as small as what was counted: a vendor's tenants are thousands, and most of them are small.
 */
export interface JudgedCounts extends TestCounts {
  readonly days: number
  readonly riskDays: number
  /** The same of people who were little known, of `SLOW` tests alone: theirs are compared with what is assumed, or with what the role's people do, who differ. */
  readonly early: TestCounts
  /** Person-days whose risk reaches a bin, and of them those that would only continue an episode. */
  readonly reached: Histogram
  readonly continued: Histogram
}

/** A day's count is halved in 90 days. */
export const KEEP_PER_DAY = 0.5 ** (1 / 90)
/** Risks fade three times as fast as tests' surprises, since they depend on how well those were calibrated. */
const RISK_FADES_FASTER = 3
/** The tests that take long to know, and by test its place among them, or -1. */
const SLOW: readonly number[] = [...DAYS_TO_KNOW.keys()].filter((t) => DAYS_TO_KNOW[t] > 0)
const SLOW_PLACE: readonly number[] = DAYS_TO_KNOW.map((_, t) => SLOW.indexOf(t))
/** Risk, in thousandths, from which a day may be a theft and does not teach what is rare, where few days reach it. */
const SUSPICIOUS = 20_000
/** Where more episodes reach it than so many in 1,000 person-days, and than a few, they are how people work there. */
const COMMON = { per1000: 2.5, least: 3 }
/** Risks reach further than surprises: they are counted on the same grid by their halves. */
export const RISK_SCALE = 2
const riskBin = (risk: number): number => binOf(risk / 1000 / RISK_SCALE)
const riskOfBin = (bin: number): number => scoreOfBin(bin) * RISK_SCALE * 1000

const noneOf = (tests: number): TestCounts => ({
  tests: Array.from({ length: tests }, () => []),
  live: Array.from({ length: tests }, () => 0),
})

export const NOTHING_COUNTED: JudgedCounts = {
  ...noneOf(TEST_COUNT),
  early: noneOf(SLOW.length),
  days: 0,
  riskDays: 0,
  reached: [],
  continued: [],
}

/** The counts with a later day's, `daysSince` days after the one before it, by which what was known fades. */
export function countDays(known: JudgedCounts, counted: readonly CountedDay[], daysSince: number): JudgedCounts {
  const keep = KEEP_PER_DAY ** daysSince
  const keepRisk = keep ** RISK_FADES_FASTER
  const tests = fadedTests(known, keep)
  const early = fadedTests(known.early, keep)
  const reached = faded(known.reached, keepRisk)
  const continued = faded(known.continued, keepRisk)
  const suspicious = suspiciousRisk(known)
  let days = known.days * keep
  let riskDays = known.riskDays * keepRisk
  for (const { judged, tests: countsTests, daysKnown, riskBefore } of counted) {
    if (riskBefore !== null) {
      riskDays++
      count(reached, riskBin(judged.risk))
      count(continued, riskBin(Math.min(judged.risk, riskBefore)))
    }
    if (!countsTests) continue
    days++
    // A day that may be a theft says nothing of what is rare.
    if (judged.risk < suspicious) countTests(tests, early, judged.surprise, daysKnown)
  }
  return { ...tests, early, days, riskDays, reached, continued }
}

/** Risk, in thousandths, from which a day may be a theft: the lowest from `SUSPICIOUS` on that is not common. */
function suspiciousRisk(known: JudgedCounts): number {
  let bin = riskBin(SUSPICIOUS)
  if (known.reached.length <= bin) return SUSPICIOUS
  const common = Math.max(COMMON.least, (COMMON.per1000 * known.riskDays) / 1000)
  const episodes = openings(known)
  while (bin < episodes.length && episodes[bin] > common) bin++
  return riskOfBin(bin)
}

interface GrowingCounts {
  readonly tests: number[][]
  readonly live: number[]
}

const fadedTests = ({ tests, live }: TestCounts, keep: number): GrowingCounts => ({
  tests: tests.map((histogram) => faded(histogram, keep)),
  live: faded(live, keep),
})

function countTests(counts: GrowingCounts, early: GrowingCounts, surprise: Int32Array, daysKnown: number): void {
  // A day that an earlier version closed says nothing of the tests that it did not have.
  for (let t = 0; t < Math.min(TEST_COUNT, surprise.length); t++) {
    if (surprise[t] < 0) continue
    const isEarly = daysKnown < DAYS_TO_KNOW[t]
    const { tests, live } = isEarly ? early : counts
    const place = isEarly ? SLOW_PLACE[t] : t
    live[place]++
    if (surprise[t] > 0) count(tests[place], binOf(surprise[t] / 100))
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

/** Person-days of people who are known that take the place of those of people who were little known. */
const ENOUGH_DAYS = 200
/** What those of people who were little known still weigh then. */
const EARLY_WEIGHT = 1 / 8

/** Person-days that reached each bin of a test's surprise, and all on which it was asked. */
export function testCounts(
  counts: JudgedCounts,
  test: number,
): { readonly reached: Float64Array; readonly days: number } {
  const reached = survivors(counts.tests[test])
  const days = counts.live[test]
  const early = earlyDays(counts, test)
  if (early === 0) return { reached, days }
  const weight = Math.max(EARLY_WEIGHT, 1 - days / ENOUGH_DAYS)
  const reachedEarly = survivors(counts.early.tests[SLOW_PLACE[test]])
  return { reached: reached.map((sum, bin) => sum + weight * reachedEarly[bin]), days: days + weight * early }
}

/** Person-days on which a test was asked, however well the people were known. */
export const askedDays = (counts: JudgedCounts, test: number): number => counts.live[test] + earlyDays(counts, test)

const earlyDays = ({ early }: JudgedCounts, test: number): number =>
  SLOW_PLACE[test] < 0 ? 0 : early.live[SLOW_PLACE[test]]

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
