import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { listFiles, readText } from '../architecture/source-files.ts'
import { anchorsOf, documents, tableOf } from '../docs/documents.ts'
import { namedMetrics, registeredMetrics } from './registered-metrics.ts'

const known = await registeredMetrics()
const DASHBOARD = 'dashboards/grafana/crmwatch-overview.json'
const RULES = 'dashboards/prometheus/rules.yml'
const PAGE = 'docs/operations.md'

interface Dashboard {
  readonly panels: readonly {
    readonly id: number
    readonly title: string
    readonly datasource: { readonly uid: string }
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
    readonly targets: readonly { readonly expr: string }[]
  }[]
}
interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly summary: string; readonly runbook: string }
}

describe('metrics', () => {
  it('are all in docs/operations.md with their type, and no others', () => {
    const rows = tableOf(PAGE, ['Metric', 'Type', 'Meaning'])
    expect(new Map(rows.map(([name, type]) => [name.replaceAll('`', ''), type]))).toEqual(known)
  })

  it.each([...documents, ...listFiles('dashboards'), 'compose.yaml'])('that %s names exist', (file) => {
    expect(namedMetrics(readText(file), known).filter((name) => !known.has(name))).toEqual([])
  })

  it('would be missed', () => {
    expect(namedMetrics('rate(crmwatch_batch_seconds_bucket[5m]) + crmwatch_evnts_total', known)).toEqual([
      'crmwatch_batch_seconds',
      'crmwatch_evnts_total',
    ])
  })

  it('start with crmwatch_ and end with a unit or _total', () => {
    const counters = [...known].filter(([, type]) => type === 'counter').map(([name]) => name)
    expect(counters.filter((name) => !name.endsWith('_total'))).toEqual([])
    expect([...known.keys()].filter((name) => !/^crmwatch_[a-z_]+$/.test(name))).toEqual([])
  })
})

describe('the Grafana dashboard', () => {
  const { panels }: Dashboard = JSON.parse(readText(DASHBOARD))
  const { datasources } = parse(readText('dashboards/grafana/provisioning/datasources/prometheus.yaml'))

  it('asks the provisioned data source, each panel for something of ours', () => {
    expect(panels.length).toBeGreaterThan(9)
    expect(panels.filter((panel) => panel.datasource.uid !== datasources[0].uid)).toEqual([])
    const empty = panels.filter(({ targets }) =>
      targets.some(({ expr }) => namedMetrics(expr, known).length === 0 || targets.length === 0),
    )
    expect(empty).toEqual([])
  })

  it('has panels that do not lie upon one another', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })
})

describe('the alerting rules', () => {
  const groups: readonly { readonly rules: readonly Rule[] }[] = parse(readText(RULES)).groups
  const rules = groups.flatMap((group) => group.rules)

  it.each(rules.map(({ alert, annotations }) => ({ alert, annotations })))(
    '$alert has a runbook where it says',
    ({ alert, annotations }) => {
      expect(annotations.runbook).toBe(`${PAGE}#${alert.toLowerCase()}`)
      expect(anchorsOf(PAGE)).toContain(alert.toLowerCase())
    },
  )

  it('name no person', () => {
    expect(rules.filter(({ expr, annotations }) => /actor|contact|org_uid/.test(expr + annotations.summary))).toEqual(
      [],
    )
  })
})
