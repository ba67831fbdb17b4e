import type { Alert, Finding } from '../../model/alert.ts'

export const T0 = Date.UTC(2026, 2, 2, 9, 0, 0)

export function sampleFinding(over: Partial<Finding> = {}): Finding {
  return {
    detector: 'mass-copy',
    time: T0,
    score: 80,
    measure: 'contacts_copied',
    window: '1h',
    window_from: T0 - 3_600_000,
    window_to: T0,
    observed: 143,
    expected: 6,
    expected_peers: 9,
    baseline_days: 40,
    tail_log10: -7.2,
    look_back: false,
    sentence: 'copied 143 customers’ phone numbers in 1 hour; usual is 6',
    ...over,
  }
}

export function sampleAlert(over: Partial<Alert> = {}): Alert {
  return {
    alert_uid: 'alert-1',
    org_uid: 'default',
    actor_uid: 'u-17',
    detector: 'mass-copy',
    detectors: ['mass-copy'],
    score: 80,
    severity: 'high',
    status: 'new',
    verdict: null,
    assignee: null,
    labels: [],
    version: 1,
    follows: null,
    closed_at: null,
    leaver: true,
    opened_at: T0,
    updated_at: T0 + 60_000,
    detected_at: T0 + 61_000,
    window: { from: T0 - 3_600_000, to: T0 },
    summary: 'copied 143 customers’ phone numbers in 1 hour; usual is 6',
    staff: null,
    findings: [sampleFinding()],
    ...over,
  }
}
