import { WEIGHTS } from './weights.ts'

/** Tests whose calibrated surprise is below this say nothing by themselves. */
export const SPEAKS = 0.7
const MOST = 8
/** How fast agreeing tests lose weight where they are taken as equals. */
const POWER = 0.8

/**
 * One risk out of many dependent tests, whose sum is calibrated once more, so that no assumption about how they hang
 * together is needed. The greater of two: the sum by weights that say how much each test tells of theft once the others
 * are heard; and, for what the weights do not foresee or a CRM alone logs, the tests as equals: those that speak in
 * falling order, the i-th divided by i^0.8.
 */
export function combinedRisk(calibrated: Float64Array): number {
  return Math.max(weightedSum(calibrated), sumOfEquals(calibrated))
}

/** Each test's part in the combined risk, 0 to 1; together 1 where there is any risk. */
export function partsOfRisk(calibrated: Float64Array): Float64Array {
  const parts = new Float64Array(calibrated.length)
  const weighted = weightedSum(calibrated)
  const equal = sumOfEquals(calibrated)
  const risk = Math.max(weighted, equal)
  if (risk <= 0) return parts
  if (weighted >= equal) return parts.map((_, t) => (WEIGHTS[t] * calibrated[t]) / risk)
  const speaking = [...calibrated.keys()].filter((t) => calibrated[t] >= SPEAKS)
  speaking.sort((a, b) => calibrated[b] - calibrated[a] || a - b)
  for (const [i, t] of speaking.slice(0, MOST).entries()) parts[t] = calibrated[t] / DIVISORS[i] / risk
  return parts
}

function weightedSum(calibrated: Float64Array): number {
  let sum = 0
  for (let t = 0; t < WEIGHTS.length; t++) sum += WEIGHTS[t] * calibrated[t]
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
