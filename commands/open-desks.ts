import { createSuppressionDesk } from '../alerts/suppression-desk.ts'
import { createTriageDesk, type PlanTriage } from '../alerts/triage-desk.ts'
import type { ApiServices } from '../api/services.ts'
import type { RuleWatch } from '../detectors/custom/rule-watch.ts'
import type { Core } from '../ingest/core.ts'
import type { Alert } from '../model/alert.ts'
import { verdictCounts } from '../store/alerts.ts'
import { auditOf } from '../store/audit-log.ts'
import { listSuppressions } from '../store/suppressions.ts'
import { createDetectorCheck } from './detector-check.ts'

export interface DeskParts extends Pick<Core, 'db' | 'book' | 'suppressions'> {
  readonly pipeline: Pick<Core['pipeline'], 'between'>
  readonly customRules: Pick<RuleWatch, 'detectors'> | null
  readonly now: () => number
  readonly planTriage: PlanTriage
  /** After an analyst's change is stored. */
  readonly changed: (alert: Alert) => void
}

/** What analysts work at, over a running core. */
export function openDesks({
  db,
  book,
  suppressions,
  pipeline,
  customRules,
  now,
  planTriage: plan,
  changed,
}: DeskParts): Pick<ApiServices, 'triage' | 'suppressions'> {
  const { between } = pipeline
  const faultOfDetector = createDetectorCheck(customRules?.detectors ?? [])
  return {
    triage: {
      ...createTriageDesk({ db, book, between, now, plan, changed }),
      history: (uid, cursor, limit) => auditOf(db, { subject: 'alert', uid }, cursor, limit),
      verdicts: (org, from) => verdictCounts(db, org, from),
    },
    suppressions: {
      ...createSuppressionDesk({ db, book: suppressions, between, faultOfDetector, now }),
      list: (filter, cursor, limit) => listSuppressions(db, filter, cursor, limit),
    },
  }
}
