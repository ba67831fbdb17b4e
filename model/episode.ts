import type { DetectedFinding } from './alert.ts'
import type { Measure } from './measure.ts'
import { strengthOf } from './score.ts'

/** What belongs to one alert, for whoever opens alerts, calibrates how often they open, or counts them. */

/** A pause of this length, without a new finding, ends an episode. */
export const EPISODE_GAP_MS = 7 * 86_400_000
/** What lies closer together than this is one stretch of work, which grows as it goes on. */
const STRETCH_MS = 12 * 3_600_000
/** Decades by which a finding is far rarer than another. */
const FAR_RARER = 1
/** Times as many records that are far more. */
const FAR_MORE = 10

/** What a finding is held against those before it by. */
export interface Weight {
  /** Event time, epoch ms. */
  readonly time: number
  /** Decades of rarity. */
  readonly strength: number
  /** How many records it tells of; absent where it tells of something else. */
  readonly records?: number
  /** Whether those were taken out or sent to somebody, not only seen. */
  readonly taken?: boolean
}

/** What two come to: as late as the later, no rarer than the rarer, and of no more records than the most, if both tell how many. */
export const heavier = (one: Weight, other: Weight): Weight => ({
  time: Math.max(one.time, other.time),
  strength: Math.max(one.strength, other.strength),
  records: one.records === undefined || other.records === undefined ? undefined : Math.max(one.records, other.records),
})

export const isOfDaysBefore = (one: Pick<Weight, 'time'>, { time }: Pick<Weight, 'time'>): boolean =>
  one.time < time - STRETCH_MS

/**
 * Whether a finding must not drown in an alert that has told of others: far rarer than what the days before brought, as
 * of somebody who was a little busy on Monday and empties the base on Friday, or a far larger export than all that was
 * told of before. What grows in one stretch of work gets rarer as it goes on, but no export tenfold.
 */
export function outgrows(finding: Weight, told: readonly Weight[]): boolean {
  const earlier = told.filter(({ time }) => time < finding.time)
  const ofDaysBefore = earlier.filter((one) => isOfDaysBefore(one, finding))
  return isFarRarer(finding, ofDaysBefore) || isFarLargerTake(finding, earlier)
}

const isFarRarer = ({ strength }: Weight, before: readonly Weight[]): boolean =>
  before.length > 0 && before.every((one) => strength >= one.strength + FAR_RARER)

/** Rarity alone would not show it: it flattens, amounts do not. */
function isFarLargerTake({ records, taken }: Weight, before: readonly Weight[]): boolean {
  if (taken !== true || records === undefined || before.length === 0) return false
  return before.every((one) => one.records !== undefined && records >= FAR_MORE * Math.max(1, one.records))
}

const TAKEN: readonly Measure[] = ['records_taken', 'records_shared']
/** Measures that count something else than records that a person got to see. */
const NOT_OF_RECORDS: readonly Measure[] = ['records_listed', 'unsized_exports', 'portfolio_taken']

export function weightOf({ time, score, measure, observed }: DetectedFinding): Weight {
  const strength = strengthOf(score)
  if (measure === null || observed === null || NOT_OF_RECORDS.includes(measure)) return { time, strength }
  return { time, strength, records: observed, taken: TAKEN.includes(measure) }
}
