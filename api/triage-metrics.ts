import { Counter, Gauge, type Registry } from 'prom-client'
import { precisionOf } from '../alerts/precision.ts'
import { VERDICTS } from '../model/triage.ts'
import type { DetectorVerdicts } from '../store/alerts.ts'

export type TriageMetrics = ReturnType<typeof createTriageMetrics>

/** What analysts made of alerts. `verdicts` is asked at each scrape. */
export function createTriageMetrics(registry: Registry, verdicts: () => Promise<readonly DetectorVerdicts[]>) {
  const registers = [registry]
  const precision = new Gauge({
    name: 'crmwatch_detector_precision_ratio',
    help: 'Of the alerts led by a detector and given a verdict, the share that was theft or a breach of policy.',
    labelNames: ['detector'] as const,
    registers,
  })
  new Gauge({
    name: 'crmwatch_alerts_with_verdict',
    help: 'Alerts by leading detector and what they turned out to be.',
    labelNames: ['detector', 'verdict'] as const,
    registers,
    async collect() {
      this.reset()
      precision.reset()
      for (const { detector, alerts } of await verdicts()) {
        for (const verdict of VERDICTS) this.set({ detector, verdict }, alerts[verdict])
        const share = precisionOf(alerts)
        if (share !== null) precision.set({ detector }, share)
      }
    },
  })
  return {
    suppressed: new Counter({
      name: 'crmwatch_findings_suppressed_total',
      help: 'Findings that suppressions held back.',
      registers,
    }),
  }
}
