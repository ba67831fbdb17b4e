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

const sumsOf = ({ isKnown, seesWork }: RiskContext): readonly WeightedSum[] => {
  if (seesWork) return isKnown ? KNOWN_WITH_WORK : WITH_WORK
  return isKnown ? KNOWN_WITHOUT_WORK : WITHOUT_WORK
}

/**
 * One risk out of many dependent tests, whose sum is calibrated once more, so that no assumption about how they hang
 * together is needed. The greatest of: the sum by weights that say how much each test tells of theft once the others
 * are heard; the sums by way of stealing, once the tenant is known; and, for what the weights do not foresee or a
 * CRM alone logs, the tests as equals: those that speak in falling order, the i-th divided by i^0.8.
 */
export interface RiskCombiner {
  /** `calibrated`: the surprises of all tests, from `from` on. */
  risk(calibrated: Float32Array, from: number, context: RiskContext): number
  /** Each test's part in that risk, 0 to 1; together 1 where there is any risk. */
  parts(calibrated: Float32Array, from: number, context: RiskContext): Float64Array
}

export function createRiskCombiner(): RiskCombiner {
  const equals = createSumOfEquals()
  /** The weighted sum that made the last risk; null where the tests as equals did. */
  let leading: WeightedSum | null = null

  const risk: RiskCombiner['risk'] = (calibrated, from, context) => {
    let most = equals.of(calibrated, from)
    leading = null
    for (const sum of sumsOf(context)) {
      const weighed = weightedSum(sum, calibrated, from)
      if (weighed <= most) continue
      most = weighed
      leading = sum
    }
    return most
  }

  return {
    risk,
    parts(calibrated, from, context) {
      const parts = new Float64Array(TEST_COUNT)
      const all = risk(calibrated, from, context)
      if (all <= 0) return parts
      if (leading === null) equals.each((test, amount) => (parts[test] = amount / all))
      else for (const [i, t] of leading.tests.entries()) parts[t] = (leading.weights[i] * calibrated[from + t]) / all
      return parts
    },
  }
}

function weightedSum({ tests, weights }: WeightedSum, calibrated: Float32Array, from: number): number {
  let sum = 0
  for (let i = 0; i < tests.length; i++) sum += weights[i] * calibrated[from + tests[i]]
  return sum
}

const DIVISORS = Float64Array.from({ length: MOST }, (_, i) => (i + 1) ** POWER)

/** Adds up the tests that speak as equals; of the last sum it tells what each test added. */
function createSumOfEquals() {
  /** The strongest surprises in falling order, and their tests. */
  const strongest = new Float32Array(MOST)
  const tests = new Int32Array(MOST)
  let found = 0
  return {
    of(calibrated: Float32Array, from: number): number {
      found = 0
      for (let t = 0; t < TEST_COUNT; t++) {
        const surprise = calibrated[from + t]
        if (surprise < SPEAKS || (found === MOST && surprise <= strongest[MOST - 1])) continue
        if (found < MOST) found++
        let place = found - 1
        for (; place > 0 && strongest[place - 1] < surprise; place--) {
          strongest[place] = strongest[place - 1]
          tests[place] = tests[place - 1]
        }
        strongest[place] = surprise
        tests[place] = t
      }
      let sum = 0
      for (let i = 0; i < found; i++) sum += strongest[i] / DIVISORS[i]
      return sum
    },
    each(take: (test: number, amount: number) => void): void {
      for (let i = 0; i < found; i++) take(tests[i], strongest[i] / DIVISORS[i])
    },
  }
}
