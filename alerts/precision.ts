import type { Verdict } from '../model/triage.ts'

/** What an analyst wants to hear of; the other verdicts but `test` say that the alert need not have been. */
const RIGHT: readonly Verdict[] = ['theft', 'policy_breach']
const WRONG: readonly Verdict[] = ['authorised', 'false_positive', 'misconfiguration']

/** Of the alerts with a verdict the share that was right, tests left out; null while there is none. */
export function precisionOf(alerts: Readonly<Record<Verdict, number>>): number | null {
  const sum = (verdicts: readonly Verdict[]) => verdicts.reduce((total, verdict) => total + alerts[verdict], 0)
  const judged = sum(RIGHT) + sum(WRONG)
  return judged === 0 ? null : sum(RIGHT) / judged
}
