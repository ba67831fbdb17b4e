/** Tests whose calibrated surprise is below this say nothing. */
export const SPEAKS = 0.7
const MOST = 8
/** How fast agreeing tests lose weight. */
const POWER = 0.8

/**
 * One risk out of many dependent tests: calibrated surprises in falling order, the i-th divided by i^0.8, added up. The
 * strongest leads, agreement adds to it.
 */
export function combinedRisk(sorted: readonly number[]): number {
  let risk = 0
  for (let i = 0; i < sorted.length && i < MOST; i++) risk += sorted[i] / (i + 1) ** POWER
  return risk
}
