import type { Config } from '../config.ts'
import { bindDetectors } from '../detectors/registry.ts'

/** The working parts' options, as far as the configuration gives them. */
export function coreOptions(config: Config) {
  return {
    dir: config.data.dir,
    memoryLimit: `${config.data.memory_limit_mb}MB`,
    timeZone: config.timezone,
    language: config.language,
    defaultOrg: config.org.default,
    detectors: bindDetectors(config.detectors),
    budget: { ordinary: config.alert_budget, leaver: config.leaver_alert_budget },
    plantedContacts: config.canary.contacts,
    severity: config.alerts.severity,
    customRules: config.customRules,
    customRulePeoplePerDay: config.custom_rule_people_per_day,
    reorderToleranceMs: config.ingest.reorder_tolerance_ms,
    maxFutureMs: config.ingest.max_future_ms,
    maxPeople: config.ingest.max_people,
    batchMaxEvents: config.ingest.batch_max_events,
    batchMaxDelayMs: config.ingest.batch_max_delay_ms,
    keepDeadLetterBodies: config.ingest.keep_dead_letter_bodies,
  }
}
