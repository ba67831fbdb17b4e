import { Counter, Gauge, type Registry } from 'prom-client'
import { precisionOf } from '../alerts/precision.ts'
import { VERDICTS } from '../model/triage.ts'
import type { DetectorVerdicts } from '../store/alerts.ts'
import { shareRead } from './share-read.ts'

/** What analysts made of alerts. `verdicts` is asked at each scrape. */
export function createTriageMetrics(registry: Registry, verdicts: () => Promise<readonly DetectorVerdicts[]>) {
  const registers = [registry]
  const read = shareRead(verdicts)
  new Gauge({
    name: 'crmwatch_alerts_with_verdict',
    help: 'Alerts by leading detector and what they turned out to be.',
    labelNames: ['detector', 'verdict'] as const,
    registers,
    async collect() {
      const known = await read()
      this.reset()
      for (const { detector, alerts } of known)
        for (const verdict of VERDICTS) this.set({ detector, verdict }, alerts[verdict])
    },
  })
  new Gauge({
    name: 'crmwatch_detector_precision_ratio',
    help: 'Of the alerts led by a detector and given a verdict, the share that was theft or a breach of policy; absent without a verdict.',
    labelNames: ['detector'] as const,
    registers,
    async collect() {
      const known = await read()
      this.reset()
      for (const { detector, alerts } of known) {
        const share = precisionOf(alerts)
        if (share !== null) this.set({ detector }, share)
      }
    },
  })
  return {
    leftOut: new Counter({
      name: 'crmwatch_events_left_out_total',
      help: 'Events that suppressions left out of the counts.',
      registers,
    }),
    suppressed: new Counter({
      name: 'crmwatch_findings_suppressed_total',
      help: 'Findings that suppressions held back.',
      registers,
    }),
  }
}
