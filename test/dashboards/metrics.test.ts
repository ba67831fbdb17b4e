import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { listFiles, readText } from '../architecture/source-files.ts'
import { documents, tableOf } from '../docs/documents.ts'
import { table, withPart } from '../docs/generated-part.ts'
import { metricTypes, namedMetrics, registeredMetrics } from './registered-metrics.ts'

const metrics = await registeredMetrics()
const known = await metricTypes()
const PAGE = 'docs/metrics.md'
const RECORDING = 'dashboards/prometheus/recording-rules.yml'
const ALERTING = 'dashboards/prometheus/alerting-rules.yml'

interface Rules<Rule> {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
interface AlertingRule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly runbook: string }
}
interface Cases {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[]
  }[]
}

const rulesOf = <Rule>(file: string): Rule[] => {
  const { groups }: Rules<Rule> = parse(readText(file))
  return groups.flatMap((group) => group.rules)
}
const recorded = rulesOf<{ readonly record: string }>(RECORDING).map(({ record }) => record)
const rules = rulesOf<AlertingRule>(ALERTING)
const code = (text: string): string => `\`${text}\``
const bare = (cell: string): string => cell.replaceAll('`', '')

describe('docs/metrics.md', () => {
  it('lists all metrics as the code has them', async () => {
    const rows = metrics.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), help])
    const part = table(['Metric', 'Type', 'Labels', 'Meaning'], rows)
    await expect(withPart(readText(PAGE), 'metrics', part)).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('explains every label and no other', () => {
    const explained = tableOf(PAGE, ['Label', 'Values']).flatMap(([labels]) => bare(labels).split(', '))
    expect(explained.toSorted()).toEqual([...new Set(metrics.flatMap(({ labels }) => labels))].toSorted())
  })

  it('lists the recorded series', () => {
    expect(tableOf(PAGE, ['Series', 'Meaning']).map(([name]) => bare(name))).toEqual(recorded)
  })
})

describe('metrics', () => {
  it.each([...documents, ...listFiles('dashboards'), 'compose.yaml'])('that %s names exist', (file) => {
    const text = readText(file)
    expect(namedMetrics(text, known).filter((name) => !known.has(name))).toEqual([])
    const series = [...text.matchAll(/(?<!:)\bcrmwatch:[a-z_]+:\w+/g)].map(([name]) => name)
    expect(series.filter((name) => !recorded.includes(name))).toEqual([])
  })

  it('would be missed', () => {
    expect(namedMetrics('rate(crmwatch_batch_seconds_bucket[5m]) + crmwatch_evnts_total', known)).toEqual([
      'crmwatch_batch_seconds',
      'crmwatch_evnts_total',
    ])
  })

  it('start with crmwatch_ and end with a unit or _total', () => {
    const counters = metrics.filter(({ type }) => type === 'counter').map(({ name }) => name)
    expect(counters.filter((name) => !name.endsWith('_total'))).toEqual([])
    expect([...known.keys()].filter((name) => !/^crmwatch_[a-z_]+$/.test(name))).toEqual([])
  })

  it('have a help text of one sentence and no label that could name somebody', () => {
    expect(metrics.filter(({ help }) => !/^[A-Z].+\.$/.test(help))).toEqual([])
    expect(
      metrics.filter(({ labels }) => labels.some((name) => /actor|contact|org|role|team|user/.test(name))),
    ).toEqual([])
  })
})

describe('the alerting rules', () => {
  const pages = listFiles('docs/runbooks').filter((file) => !file.endsWith('README.md'))
  /** CrmwatchKafkaLag: kafka-lag */
  const slugOf = (alert: string): string =>
    alert
      .replace(/^Crmwatch/, '')
      .replaceAll(/(?<!^)(?=[A-Z])/g, '-')
      .toLowerCase()

  it.each(rules.map(({ alert, labels, annotations }) => ({ alert, labels, annotations })))(
    '$alert has a runbook where it says',
    ({ alert, labels, annotations }) => {
      expect(annotations.runbook).toBe(`docs/runbooks/${slugOf(alert)}.md`)
      const page = readText(annotations.runbook)
      expect(page).toMatch(new RegExp(`^# ${alert}\n\nSeverity ${labels.severity}\\. `))
      expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(['What to do', 'Meanwhile'])
      expect(page).toMatch(/^1\. /m)
    },
  )

  it('have every page that is there, and all stand in its list', () => {
    expect(pages).toEqual(rules.map(({ annotations }) => annotations.runbook).toSorted())
    const listed = tableOf('docs/runbooks/README.md', ['Rule', 'Severity', 'When'])
    expect(listed.map(([rule, severity]) => [rule, severity])).toEqual(
      rules.map(({ alert, labels }) => [`[${alert}](${slugOf(alert)}.md)`, labels.severity]),
    )
  })

  it('are each seen to fire', () => {
    const files = ['test/dashboards/rules-test.yml', 'test/dashboards/slow-rules-test.yml']
    const fired = files
      .map((file): Cases => parse(readText(file)))
      .flatMap(({ tests }) => tests)
      .flatMap((test) => test.alert_rule_test)
      .filter(({ exp_alerts }) => exp_alerts.length > 0)
      .map(({ alertname }) => alertname)
    expect([...new Set(fired)].toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted())
  })

  it('name no person', () => {
    expect(rules.filter(({ expr, annotations }) => /actor|contact|org_uid/.test(expr + annotations.summary))).toEqual(
      [],
    )
  })
})
