import { Registry } from 'prom-client'
import { createCustomRuleMetrics } from '../../api/custom-rule-metrics.ts'
import { createDeliveryMetrics } from '../../api/delivery-metrics.ts'
import { createApiMetrics } from '../../api/metrics.ts'
import { createServiceMetrics } from '../../api/service-metrics.ts'
import { SEVERITIES } from '../../model/alert.ts'

/** Every metric of the service by name, as it is registered, with its type. */
export async function registeredMetrics(): Promise<Map<string, string>> {
  const registry = new Registry()
  createApiMetrics(registry)
  createDeliveryMetrics(registry, { outboxCounts: async () => [], channels: [], now: () => 0 })
  createCustomRuleMetrics(registry, () => [])
  createServiceMetrics(registry, {
    alertCounts: async () => ({ open_by_severity: {}, oldest_unreviewed_detected_at: null }),
    storeBytes: () => 0,
    windowEntries: () => 0,
    refoldsWaiting: () => 0,
    lastStaffAt: () => null,
    silentHours: () => [],
    newestEventTimes: () => new Map(),
    now: () => 0,
    staffStaleAfterMs: 0,
    residentBytes: () => 0,
    severities: SEVERITIES,
  })
  const metrics = await registry.getMetricsAsJSON()
  return new Map(metrics.map((metric) => [metric.name, String(metric.type)]))
}

/** Metrics a text names; a histogram by any of its series. */
export function namedMetrics(text: string, known: ReadonlyMap<string, string>): string[] {
  const names = new Set<string>()
  for (const [name] of text.matchAll(/\bcrmwatch_[a-z_]+\b/g)) {
    const histogram = name.replace(/_(bucket|sum|count)$/, '')
    names.add(known.get(histogram) === 'histogram' ? histogram : name)
  }
  return [...names]
}
