import { Counter, Gauge, type Registry } from 'prom-client'

/** What a rule of the operator's own holds and has given up. */
export interface CustomRuleUsage {
  readonly rule: string
  readonly groups: number
  readonly entries: number
  readonly forgottenGroups: number
  readonly forgottenEntries: number
  readonly withheld: number
}

/** Read at each scrape; labels are the names of the configured rules. */
export function createCustomRuleMetrics(registry: Registry, usage: () => readonly CustomRuleUsage[]): void {
  const labelNames = ['rule'] as const
  const registers = [registry]
  const gauge = (name: string, help: string, read: (one: CustomRuleUsage) => number) =>
    new Gauge({
      ...{ name, help, labelNames, registers },
      collect() {
        for (const one of usage()) this.set({ rule: one.rule }, read(one))
      },
    })
  const counter = (name: string, help: string, read: (one: CustomRuleUsage) => number) =>
    new Counter({
      ...{ name, help, labelNames, registers },
      collect() {
        this.reset()
        for (const one of usage()) this.inc({ rule: one.rule }, read(one))
      },
    })
  gauge('crmwatch_custom_rule_groups', 'Groups that a custom rule holds in memory.', (one) => one.groups)
  gauge('crmwatch_custom_rule_entries', 'Events or values that a custom rule holds in memory.', (one) => one.entries)
  counter(
    'crmwatch_custom_rule_forgotten_groups_total',
    'Groups that a custom rule forgot inside their window, being at its limits.',
    (one) => one.forgottenGroups,
  )
  counter(
    'crmwatch_custom_rule_forgotten_entries_total',
    'Events or values that a custom rule forgot inside their window, being at its limits.',
    (one) => one.forgottenEntries,
  )
  counter(
    'crmwatch_custom_rule_withheld_findings_total',
    'Findings of a custom rule that custom_rule_people_per_day held back.',
    (one) => one.withheld,
  )
}
