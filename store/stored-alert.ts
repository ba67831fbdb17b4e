import type { Alert, Finding } from '../model/alert.ts'

/** An alert's stored body in today's form. */
export const readStoredAlert = (body: string): Alert => inTodaysForm(JSON.parse(body))

/**
 * Contributions were once kept without their part in the day's risk. Those say too little to be shown as reasons and are
 * left out; the finding keeps its words.
 */
export const inTodaysForm = (alert: Alert): Alert =>
  alert.findings.some(isOfOld) ? { ...alert, findings: alert.findings.map(withoutOldContributions) } : alert

const isOfOld = ({ contributions }: Finding): boolean => contributions?.some(({ part }) => part === undefined) ?? false

function withoutOldContributions(finding: Finding): Finding {
  if (!isOfOld(finding)) return finding
  const { contributions: _, ...rest } = finding
  return rest
}
