import type { DetectedFinding } from './alert.ts'
import type { Measure } from './measure.ts'
import { strengthOf } from './score.ts'

/** What belongs to one alert, for whoever opens alerts, calibrates how often they open, or counts them. */

/** A pause of this length, without a new finding, ends an episode. */
export const EPISODE_GAP_MS = 7 * 86_400_000
/** What lies closer together than this is one stretch of work, which grows as it goes on. */
export const STRETCH_MS = 12 * 3_600_000
/** Decades by which a finding is far rarer than another. */
const FAR_RARER = 1
/** Times as many records that are far more. */
const FAR_MORE = 10

/** What a finding is held against those before it by. */
export interface Weight {
  /** Decades of rarity. */
  readonly strength: number
  /** How many records it tells of; absent where it tells of something else. */
  readonly records?: number
  /** Whether those were taken out or sent to somebody, not only seen. */
  readonly taken?: boolean
}

/** What several come to: no rarer than the rarest of them, and of no more records than the most, if all tell how many. */
export const heavier = (one: Weight, other: Weight): Weight => ({
  strength: Math.max(one.strength, other.strength),
  records: one.records === undefined || other.records === undefined ? undefined : Math.max(one.records, other.records),
})

export const isFarRarer = (finding: Weight, before: Weight): boolean => finding.strength >= before.strength + FAR_RARER

/** Whether it takes far more records than were told of before. Rarity alone would not show it: it flattens, amounts do not. */
export const isFarLargerTake = ({ records, taken }: Weight, before: Weight): boolean =>
  taken === true &&
  records !== undefined &&
  before.records !== undefined &&
  records >= FAR_MORE * Math.max(1, before.records)

const TAKEN: readonly Measure[] = ['records_taken', 'records_shared']
/** Measures that count something else than records that a person got to see. */
const NOT_OF_RECORDS: readonly Measure[] = ['records_listed', 'unsized_exports', 'portfolio_taken']

export function weightOf({ score, measure, observed }: DetectedFinding): Weight {
  const strength = strengthOf(score)
  if (measure === null || observed === null || NOT_OF_RECORDS.includes(measure)) return { strength }
  return { strength, records: observed, taken: TAKEN.includes(measure) }
}
