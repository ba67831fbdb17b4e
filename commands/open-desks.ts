import { createSuppressionDesk } from '../alerts/suppression-desk.ts'
import { createTriageDesk, type PlanTriage } from '../alerts/triage-desk.ts'
import type { ApiServices } from '../api/services.ts'
import type { Core } from '../ingest/core.ts'
import type { Alert } from '../model/alert.ts'
import { verdictCounts } from '../store/alerts.ts'
import { auditOf } from '../store/audit-log.ts'
import { listSuppressions } from '../store/suppressions.ts'

export interface DeskParts extends Pick<Core, 'db' | 'book' | 'suppressions'> {
  readonly pipeline: Pick<Core['pipeline'], 'between'>
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
  now,
  planTriage: plan,
  changed,
}: DeskParts): Pick<ApiServices, 'triage' | 'suppressions'> {
  const { between } = pipeline
  return {
    triage: {
      ...createTriageDesk({ db, book, between, now, plan, changed }),
      history: (uid, cursor, limit) => auditOf(db, { subject: 'alert', uid }, cursor, limit),
      verdicts: (org, from) => verdictCounts(db, org, from),
    },
    suppressions: {
      ...createSuppressionDesk({ db, book: suppressions, between, now }),
      list: (filter, cursor, limit) => listSuppressions(db, filter, cursor, limit),
    },
  }
}
