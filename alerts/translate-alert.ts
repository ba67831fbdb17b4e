import type { Catalogue } from '../messages/catalogue.ts'
import { sayAlert } from '../messages/say-alert.ts'
import { sayContribution } from '../messages/say-contribution.ts'
import { sayFinding } from '../messages/say-finding.ts'
import type { Alert, Contribution } from '../model/alert.ts'
import { bestPerDetector } from './episode.ts'

/** The alert with its sentences in another language; what was stored without its facts keeps the words it has. */
export function translateAlert(alert: Alert, words: Catalogue): Alert {
  const findings = alert.findings.map((finding) => ({ ...finding, sentence: sayFinding(finding, words) }))
  const [leading, ...others] = bestPerDetector(findings)
  const summary = leading?.facts === undefined ? alert.summary : sayAlert(leading, others, words)
  return { ...alert, summary, findings }
}

export interface Reason extends Contribution {
  /** On one line, in words. */
  readonly text: string
}

/** What makes up the risk for which the alert stands, as its leading finding has it, the largest part first. */
export function reasonsOf(alert: Alert, words: Catalogue): Reason[] {
  const [leading] = bestPerDetector(alert.findings)
  return (leading?.contributions ?? []).map((one) => ({ ...one, text: sayContribution(one, words) }))
}
