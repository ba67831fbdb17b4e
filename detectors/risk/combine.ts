import { WEIGHTS, WEIGHTS_ALONE } from './weights.ts'

/** Tests whose calibrated surprise is below this say nothing by themselves. */
export const SPEAKS = 0.7
const MOST = 8
/** How fast agreeing tests lose weight where they are taken as equals. */
const POWER = 0.8

/** By sum, each test's weight: over all, and over what may show alone. */
const SUMS: readonly Float64Array[] = [WEIGHTS, ...WEIGHTS_ALONE]
/** Of those that count before the tenant is known. */
const UNKNOWN_SUMS = 1
const DIVISORS = Float64Array.from({ length: MOST }, (_, i) => (i + 1) ** POWER)

/**
 * One risk out of many dependent tests, whose sum is calibrated once more, so that no assumption about how they hang
 * together is needed. The greatest of: the sum by weights that say how much each test tells of theft once the others
 * are heard; the sums over what may show alone, once the tenant `isKnown`; and, for what the weights do not foresee or a
 * CRM alone logs, the tests as equals: those that speak in falling order, the i-th divided by i^0.8.
 */
export function combinedRisk(calibrated: Float64Array, isKnown: boolean): number {
  const { sums, equals } = addUp(calibrated)
  let most = equals
  for (let s = 0; s < countingSums(isKnown); s++) if (sums[s] > most) most = sums[s]
  return most
}

/** Each test's part in the combined risk, 0 to 1; together 1 where there is any risk. */
export function partsOfRisk(calibrated: Float64Array, isKnown: boolean): Float64Array {
  const parts = new Float64Array(calibrated.length)
  const risk = combinedRisk(calibrated, isKnown)
  if (risk <= 0) return parts
  const leading = addUp(calibrated).sums.subarray(0, countingSums(isKnown)).indexOf(risk)
  if (leading !== -1) return parts.map((_, t) => (SUMS[leading][t] * calibrated[t]) / risk)
  const speaking = [...calibrated.keys()].filter((t) => calibrated[t] >= SPEAKS)
  speaking.sort((a, b) => calibrated[b] - calibrated[a] || a - b)
  for (const [i, t] of speaking.slice(0, MOST).entries()) parts[t] = calibrated[t] / DIVISORS[i] / risk
  return parts
}

const countingSums = (isKnown: boolean): number => (isKnown ? SUMS.length : UNKNOWN_SUMS)

const added = { sums: new Float64Array(SUMS.length), equals: 0 }
const strongest = new Float64Array(MOST)

/** All sums in one walk over the tests, most of which are silent. The result is valid until the next call. */
function addUp(calibrated: Float64Array): Readonly<typeof added> {
  const { sums } = added
  sums.fill(0)
  strongest.fill(0)
  for (let t = 0; t < calibrated.length; t++) {
    const surprise = calibrated[t]
    if (surprise === 0) continue
    for (let s = 0; s < sums.length; s++) sums[s] += SUMS[s][t] * surprise
    if (surprise >= SPEAKS) insert(surprise)
  }
  added.equals = 0
  for (let i = 0; i < MOST; i++) added.equals += strongest[i] / DIVISORS[i]
  return added
}

/** Keeps the strongest, in falling order. */
function insert(surprise: number): void {
  if (surprise <= strongest[MOST - 1]) return
  let at = MOST - 1
  while (at > 0 && strongest[at - 1] < surprise) {
    strongest[at] = strongest[at - 1]
    at--
  }
  strongest[at] = surprise
}
