import { Registry } from 'prom-client'
import { createAlertMetrics } from '../../api/alert-metrics.ts'
import { createCustomRuleMetrics } from '../../api/custom-rule-metrics.ts'
import { createDeliveryMetrics } from '../../api/delivery-metrics.ts'
import { createDetectionMetrics } from '../../api/detection-metrics.ts'
import { createApiMetrics } from '../../api/metrics.ts'
import { createProcessMetrics } from '../../api/process-metrics.ts'
import { createServiceMetrics } from '../../api/service-metrics.ts'
import { createTriageMetrics } from '../../api/triage-metrics.ts'
import { readProcess } from '../../cli/read-process.ts'
import { countPopulation } from '../../detectors/population.ts'

/** A metric as it is registered. */
export interface RegisteredMetric {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labels: readonly string[]
}

const NOBODY = countPopulation(
  {
    table: { actors: [], newest: new Float64Array() },
    history: { learnedDays: () => 0, lastClosed: () => 0 },
    calibrations: { byRole: () => new Map() },
    calendar: { dayOf: () => 0, startOf: () => 0, parse: () => 0 },
  },
  0,
)

/** Every metric of the service, in the order of registration. */
export async function registeredMetrics(): Promise<RegisteredMetric[]> {
  const registry = new Registry()
  createApiMetrics(registry)
  createDeliveryMetrics(registry, { outboxCounts: async () => [], channels: [], now: () => 0 })
  createCustomRuleMetrics(registry, () => [])
  createServiceMetrics(registry, {
    storeBytes: () => 0,
    windowEntries: () => 0,
    refoldsWaiting: () => 0,
    lastStaffAt: () => null,
    silentHours: () => [],
    lastPulls: () => [],
    newestEventTimes: () => new Map(),
    now: () => 0,
    detectors: [],
    staffStaleAfterMs: 0,
  })
  createAlertMetrics(registry, { counts: async () => [], now: () => 0 })
  createTriageMetrics(registry, async () => [])
  createDetectionMetrics(registry, {
    risks: () => new Map(),
    population: () => NOBODY,
    budget: { ordinary: 5, leaver: 5 },
  })
  createProcessMetrics(registry, {
    version: '0.0.0',
    read: readProcess,
    health: () => ({ alive: true, ready: true, checks: {} }),
    volume: () => null,
  })
  const described = await registry.getMetricsAsJSON()
  return described.map(({ name, type, help }) => ({
    name,
    type: String(type),
    help,
    labels: labelsOf(registry.getSingleMetric(name)),
  }))
}

/** prom-client keeps the label names, but does not declare them. */
function labelsOf(metric: object | undefined): string[] {
  const names: unknown = metric !== undefined && 'labelNames' in metric ? metric.labelNames : []
  return Array.isArray(names) ? names.map(String) : []
}

export type MetricTypes = ReadonlyMap<string, string>

/** Types by name. */
export const metricTypes = async (): Promise<Map<string, string>> =>
  new Map((await registeredMetrics()).map(({ name, type }) => [name, type]))

/** Metrics a text names; a histogram by any of its series. What recording rules make has a colon and is none. */
export function namedMetrics(text: string, known: MetricTypes): string[] {
  const names = new Set<string>()
  for (const [name] of text.matchAll(/\bcrmwatch_[a-z_]+\b/g)) {
    const histogram = name.replace(/_(bucket|sum|count)$/, '')
    names.add(known.get(histogram) === 'histogram' ? histogram : name)
  }
  return [...names]
}
