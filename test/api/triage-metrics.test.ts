import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createTriageMetrics } from '../../api/triage-metrics.ts'
import type { DetectorVerdicts } from '../../store/alerts.ts'

const NONE = { theft: 0, policy_breach: 0, authorised: 0, false_positive: 0, misconfiguration: 0, test: 0, none: 0 }

test('what alerts turned out to be is as it stands at each scrape, the first one too', async () => {
  const registry = new Registry()
  let known: DetectorVerdicts[] = [
    { detector: 'mass-copy', alerts: { ...NONE, theft: 1, policy_breach: 2, authorised: 1, test: 7, none: 9 } },
    { detector: 'canary', alerts: { ...NONE, none: 4 } },
  ]
  createTriageMetrics(registry, async () => known)
  const first = await registry.metrics()
  expect(first).toContain('crmwatch_detector_precision_ratio{detector="mass-copy"} 0.75')
  expect(first).not.toContain('crmwatch_detector_precision_ratio{detector="canary"}')
  expect(first).toContain('crmwatch_alerts_with_verdict{detector="canary",verdict="theft"} 0')
  expect(first).toContain('crmwatch_alerts_with_verdict{detector="mass-copy",verdict="test"} 7')
  known = [{ detector: 'mass-copy', alerts: { ...NONE, none: 4 } }]
  const second = await registry.metrics()
  expect(second).not.toContain('crmwatch_detector_precision_ratio{')
  expect(second).not.toContain('canary')
})
