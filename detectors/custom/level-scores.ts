import type { RuleLevel } from '../../model/custom-rule.ts'

/** Scores from which an alert is of a severity. */
export interface SeverityStarts {
  readonly medium: number
  readonly high: number
  readonly critical: number
}

export type LevelScores = Readonly<Record<RuleLevel, number>>

/** Scores in the middle of the severity that a level names, so that an alert of one finding has the rule's level. */
export const levelScores = ({ medium, high, critical }: SeverityStarts): LevelScores => ({
  informational: medium / 8,
  low: (medium * 5) / 8,
  medium: (medium + high) / 2,
  high: (high + critical) / 2,
  critical: (critical + 100) / 2,
})
