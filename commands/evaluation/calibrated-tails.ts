import type { BoundDetector } from '../../detectors/registry.ts'
import { TESTS } from '../../detectors/risk/tests.ts'
import { compileTriggers } from '../../detectors/triggers.ts'

export const TEST_IDS: readonly string[] = TESTS.map(({ id }) => id)

/** Whether any of the detectors asks each test. */
export const askedBy = (detectors: readonly BoundDetector[]): boolean[] =>
  Array.from(compileTriggers(detectors).floor, (floor) => floor < Number.POSITIVE_INFINITY)

/**
 * log10 of the share of the role's person-days on which each test is as surprising as on this one, by what was known
 * of the role when the day closed; NaN where the test was not asked. `surprise` in hundredths, -1 for not asked.
 */
export function calibratedTails(
  surprise: ArrayLike<number>,
  asked: readonly boolean[],
  calibrated: (test: number, surprise: number) => number,
): Float64Array {
  return Float64Array.from(TEST_IDS, (_, t) =>
    asked[t] && surprise[t] >= 0 ? -calibrated(t, surprise[t] / 100) : Number.NaN,
  )
}
