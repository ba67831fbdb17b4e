import type { Registry } from 'prom-client'
import { createAlertMetrics } from '../api/alert-metrics.ts'
import { createDetectionMetrics } from '../api/detection-metrics.ts'
import { createProcessMetrics, type ProcessReading } from '../api/process-metrics.ts'
import type { HealthReport } from '../api/services.ts'
import type { Config } from '../config.ts'
import type { Core } from '../ingest/core.ts'
import { alertCounts } from '../store/alerts.ts'
import { volumeSpace } from '../store/maintenance.ts'
import { countRisks } from './list-risks.ts'

export interface GaugeParts {
  readonly config: Config
  readonly core: Core
  readonly version: string
  readonly now: () => number
  readonly readProcess: () => ProcessReading
  readonly health: () => HealthReport
}

/** The metrics that are read at each scrape from what is there anyway. */
export function registerGauges(
  registry: Registry,
  { config, core, version, now, readProcess, health }: GaugeParts,
): void {
  createAlertMetrics(registry, { counts: (since) => alertCounts(core.db, since), now })
  createDetectionMetrics(registry, {
    risks: () => countRisks(core, now()),
    population: () => core.engine.population(now()),
    budget: { ordinary: config.alert_budget, leaver: config.leaver_alert_budget },
  })
  createProcessMetrics(registry, { version, read: readProcess, health, volume: () => volumeSpace(core.db) })
}
