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
/** Times as many records that are far more: how rare a day is stops telling the large from the enormous. */
const FAR_MORE = 10

/** What a finding is held against others by. */
export interface Weight {
  /** Decades of rarity. */
  readonly strength: number
  /** How many records it tells of; absent where it tells of something else, or of none that can be counted. */
  readonly records?: number
}

/** What several findings come to: the strongest of them, and the most records, unknown where those of one are. */
export const heavier = (one: Weight, other: Weight): Weight => ({
  strength: Math.max(one.strength, other.strength),
  ...(one.records !== undefined && other.records !== undefined
    ? { records: Math.max(one.records, other.records) }
    : {}),
})

/** Whether a finding is so far beyond all that the days before brought that it has an alert of its own. */
export function isFarBeyond(finding: Weight, daysBefore: Weight): boolean {
  if (finding.strength >= daysBefore.strength + FAR_RARER) return true
  if (finding.records === undefined || daysBefore.records === undefined) return false
  return finding.records >= FAR_MORE * Math.max(1, daysBefore.records)
}

/** Measures that count something else than records. */
const OTHER_UNITS: readonly Measure[] = ['unsized_exports', 'portfolio_taken']

export function weightOf({ score, measure, observed }: DetectedFinding): Weight {
  const strength = strengthOf(score)
  const tellsRecords = measure !== null && observed !== null && !OTHER_UNITS.includes(measure)
  return tellsRecords ? { strength, records: observed } : { strength }
}
