import fc from 'fast-check'
import { ALERT_STATUSES, type TriageChange, VERDICTS } from '../../model/triage.ts'

const label = fc.constantFrom('vip', 'branch-7', 'audit', 'partner')

/** Anything that an analyst may ask of an alert, allowed as it stands or not. */
export const anyTriageChange: fc.Arbitrary<TriageChange> = fc.record(
  {
    status: fc.constantFrom(...ALERT_STATUSES),
    verdict: fc.constantFrom(...VERDICTS, null),
    assignee: fc.constantFrom('mia', 'olga', null),
    add_labels: fc.array(label, { maxLength: 3 }),
    remove_labels: fc.array(label, { maxLength: 3 }),
    note: fc.constantFrom('asked the manager', 'on leave until Monday'),
  },
  { requiredKeys: [] },
)
