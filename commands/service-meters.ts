import { Registry } from 'prom-client'
import { createCustomRuleMetrics } from '../api/custom-rule-metrics.ts'
import { createDeliveryMetrics } from '../api/delivery-metrics.ts'
import { createServiceMetrics } from '../api/service-metrics.ts'
import { createTriageMetrics } from '../api/triage-metrics.ts'
import type { Config } from '../config.ts'
import { DETECTORS } from '../detectors/registry.ts'
import type { Core } from '../ingest/core.ts'
import { PULL_FAILURES } from '../ingest/sources/pull/pull-failure.ts'
import { verdictCounts } from '../store/alerts.ts'
import { outboxCounts } from '../store/deliveries.ts'
import { storeBytes } from '../store/maintenance.ts'
import type { Feeds } from './pipeline-observer.ts'

export interface MeterParts {
  readonly config: Config
  readonly feeds: Feeds
  /** Asked at a scrape, by when it is open: the pipeline counts from its first batch on, so that metrics come first. */
  readonly core: () => Core
  /** By configured source; null while its habit is not known. */
  readonly silentHours: (source: string) => number | null
  /** Epoch ms of a source's last pull that came to its end; null without any. */
  readonly lastPull: (source: string) => number | null
  readonly now: () => number
}

export type ServiceMeters = ReturnType<typeof createServiceMeters>

/** The metrics that the service counts up as it works, in a registry of their own. */
export function createServiceMeters({ config, feeds, core, silentHours, lastPull, now }: MeterParts) {
  const registry = new Registry()
  const sources = Object.keys(config.sources)
  const service = createServiceMetrics(registry, {
    storeBytes: () => storeBytes(core().db),
    windowEntries: () => core().engine.liveEntries(),
    refoldsWaiting: () => core().pipeline.refoldsWaiting,
    lastStaffAt: () => feeds.lastStaffAt,
    newestEventTimes: () => feeds.newestEvents,
    silentHours: () => sources.map((name) => [name, silentHours(name)]),
    lastPulls: () => sources.map((name) => [name, lastPull(name)]),
    now,
    detectors: DETECTORS.map(({ id }) => id),
    staffStaleAfterMs: config.staff.stale_after_hours * 3_600_000,
  })
  for (const [source, { pull }] of Object.entries(config.sources)) {
    if (pull === undefined) continue
    for (const outcome of ['ok', ...PULL_FAILURES]) service.sourcePulls.inc({ source, outcome }, 0)
  }
  createCustomRuleMetrics(registry, () => core().customRules?.usage() ?? [])
  return {
    registry,
    service,
    triage: createTriageMetrics(registry, () => verdictCounts(core().db)),
    delivery: createDeliveryMetrics(registry, {
      outboxCounts: () => outboxCounts(core().db, now()),
      channels: Object.keys(config.channels),
      now,
    }),
  }
}
