import { TESTS } from './tests.ts'
import { WEIGHTS, WEIGHTS_ALONE } from './weights.ts'

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

const OVER_ALL: readonly WeightedSum[] = [sumBy(WEIGHTS)]
const WITH_ALONE: readonly WeightedSum[] = [...OVER_ALL, ...WEIGHTS_ALONE.map(sumBy)]

/**
 * One risk out of many dependent tests, whose sum is calibrated once more, so that no assumption about how they hang
 * together is needed. The greatest of: the sum by weights that say how much each test tells of theft once the others
 * are heard; the sums over what may show alone, once the tenant `isKnown`; and, for what the weights do not foresee or a
 * CRM alone logs, the tests as equals: those that speak in falling order, the i-th divided by i^0.8.
 */
export const combinedRisk = (calibrated: Float64Array, isKnown: boolean): number =>
  sumsOf(isKnown).reduce((most, sum) => Math.max(most, weightedSum(sum, calibrated)), sumOfEquals(calibrated))

const sumsOf = (isKnown: boolean): readonly WeightedSum[] => (isKnown ? WITH_ALONE : OVER_ALL)

/** Each test's part in the combined risk, 0 to 1; together 1 where there is any risk. */
export function partsOfRisk(calibrated: Float64Array, isKnown: boolean): Float64Array {
  const parts = new Float64Array(calibrated.length)
  const risk = combinedRisk(calibrated, isKnown)
  if (risk <= 0) return parts
  const leading = sumsOf(isKnown).find((sum) => weightedSum(sum, calibrated) === risk)
  if (leading !== undefined) {
    leading.tests.forEach((t, i) => {
      parts[t] = (leading.weights[i] * calibrated[t]) / risk
    })
    return parts
  }
  const speaking = [...calibrated.keys()].filter((t) => calibrated[t] >= SPEAKS)
  speaking.sort((a, b) => calibrated[b] - calibrated[a] || a - b)
  for (const [i, t] of speaking.slice(0, MOST).entries()) parts[t] = calibrated[t] / DIVISORS[i] / risk
  return parts
}

function weightedSum({ tests, weights }: WeightedSum, calibrated: Float64Array): number {
  let sum = 0
  for (let i = 0; i < tests.length; i++) sum += weights[i] * calibrated[tests[i]]
  return sum
}

const DIVISORS = Float64Array.from({ length: MOST }, (_, i) => (i + 1) ** POWER)

function sumOfEquals(calibrated: Float64Array): number {
  const strongest: number[] = []
  for (const surprise of calibrated) {
    if (surprise < SPEAKS || (strongest.length === MOST && surprise <= strongest[MOST - 1])) continue
    let at = Math.min(strongest.length, MOST - 1)
    while (at > 0 && strongest[at - 1] < surprise) {
      strongest[at] = strongest[at - 1]
      at--
    }
    strongest[at] = surprise
  }
  return strongest.reduce((sum, surprise, i) => sum + surprise / DIVISORS[i], 0)
}
