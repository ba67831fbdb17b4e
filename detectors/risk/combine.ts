import { TEST_COUNT, TESTS } from './tests.ts'
import { WEIGHTS, WEIGHTS_BY_WAY, WEIGHTS_WITHOUT_WORK } from './weights.ts'

/** Tests whose calibrated surprise is below this say nothing by themselves. */
export const SPEAKS = 0.7
const MOST = 8
/** How fast agreeing tests lose weight where they are taken as equals. */
const POWER = 0.8

interface WeightedSum {
  /** Places of the tests that have a weight, and the weights. */
  readonly tests: Int32Array
  readonly weights: Float64Array
}

const sumBy = (all: Float64Array): WeightedSum => {
  const tests = Int32Array.from(TESTS.keys()).filter((t) => all[t] > 0)
  return { tests, weights: Float64Array.from(tests, (t) => all[t]) }
}

/** What is known of those whose surprises are combined. */
export interface RiskContext {
  /** Whether enough is known of the tenant for the sums by way of stealing. */
  readonly isKnown: boolean
  /** Whether people of the role are seen to work on what they open. */
  readonly seesWork: boolean
}

const BY_WAY_SUMS = WEIGHTS_BY_WAY.map(sumBy)
const WITH_WORK: readonly WeightedSum[] = [sumBy(WEIGHTS)]
const WITHOUT_WORK: readonly WeightedSum[] = [sumBy(WEIGHTS_WITHOUT_WORK)]
const KNOWN_WITH_WORK = [...WITH_WORK, ...BY_WAY_SUMS]
const KNOWN_WITHOUT_WORK = [...WITHOUT_WORK, ...BY_WAY_SUMS]

/**
 * One risk out of many dependent tests, whose sum is calibrated once more, so that no assumption about how they hang
 * together is needed. The greatest of: the sum by weights that say how much each test tells of theft once the others
 * are heard; the sums by way of stealing, once the tenant is known; and, for what the weights do not foresee or a
 * CRM alone logs, the tests as equals: those that speak in falling order, the i-th divided by i^0.8.
 * `calibrated`: the surprises of all tests, from `from` on.
 */
export function combinedRisk(calibrated: Float32Array, from: number, context: RiskContext): number {
  let most = sumOfEquals(calibrated, from)
  for (const sum of sumsOf(context)) most = Math.max(most, weightedSum(sum, calibrated, from))
  return most
}

function sumsOf({ isKnown, seesWork }: RiskContext): readonly WeightedSum[] {
  if (seesWork) return isKnown ? KNOWN_WITH_WORK : WITH_WORK
  return isKnown ? KNOWN_WITHOUT_WORK : WITHOUT_WORK
}

/** Each test's part in the combined risk, 0 to 1; together 1 where there is any risk. */
export function partsOfRisk(calibrated: Float32Array, from: number, context: RiskContext): Float64Array {
  const parts = new Float64Array(TEST_COUNT)
  const risk = combinedRisk(calibrated, from, context)
  if (risk <= 0) return parts
  const leading = sumsOf(context).find((sum) => weightedSum(sum, calibrated, from) === risk)
  if (leading !== undefined) {
    leading.tests.forEach((t, i) => {
      parts[t] = (leading.weights[i] * calibrated[from + t]) / risk
    })
    return parts
  }
  const day = calibrated.subarray(from, from + TEST_COUNT)
  const speaking = [...day.keys()].filter((t) => day[t] >= SPEAKS)
  speaking.sort((a, b) => day[b] - day[a] || a - b)
  for (const [i, t] of speaking.slice(0, MOST).entries()) parts[t] = day[t] / DIVISORS[i] / risk
  return parts
}

function weightedSum({ tests, weights }: WeightedSum, calibrated: Float32Array, from: number): number {
  let sum = 0
  for (let i = 0; i < tests.length; i++) sum += weights[i] * calibrated[from + tests[i]]
  return sum
}

const DIVISORS = Float64Array.from({ length: MOST }, (_, i) => (i + 1) ** POWER)

const strongest = new Float32Array(MOST)

function sumOfEquals(calibrated: Float32Array, from: number): number {
  let found = 0
  for (let at = from; at < from + TEST_COUNT; at++) {
    const surprise = calibrated[at]
    if (surprise < SPEAKS || (found === MOST && surprise <= strongest[MOST - 1])) continue
    if (found < MOST) found++
    let place = found - 1
    for (; place > 0 && strongest[place - 1] < surprise; place--) strongest[place] = strongest[place - 1]
    strongest[place] = surprise
  }
  let sum = 0
  for (let i = 0; i < found; i++) sum += strongest[i] / DIVISORS[i]
  return sum
}
