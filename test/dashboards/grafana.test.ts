import { Compile } from 'typebox/schema'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createDashboards } from '../../dashboards/grafana/dashboards.ts'
import { listFiles, readText } from '../architecture/source-files.ts'
import { type GrafanaDashboard, queriesOf } from './grafana-queries.ts'
import { metricTypes, namedMetrics } from './registered-metrics.ts'

const FOLDER = 'dashboards/grafana/generated'
const known = await metricTypes()
const dashboards = createDashboards()
const recorded = [...readText('dashboards/prometheus/recording-rules.yml').matchAll(/record: (\S+)/g)].map(
  ([, name]) => name,
)

/** What the schema objects to, as `place: message`. */
const schemaOf = (name: string) => {
  const validator = Compile(JSON.parse(readText(`test/dashboards/grafana-schema/${name}.json`)))
  return (value: unknown): string[] =>
    validator.Check(value) ? [] : validator.Errors(value)[1].map((error) => `${error.instancePath}: ${error.message}`)
}
const againstDashboard = schemaOf('dashboard')
const againstQuery = schemaOf('prometheus')

describe('the Grafana dashboards', () => {
  it.each(dashboards.map((dashboard) => ({ uid: dashboard.uid, dashboard })))(
    '$uid is committed as the code makes it; `npx vitest run test/dashboards -u` writes it anew',
    async ({ uid, dashboard }) => {
      await expect(`${JSON.stringify(dashboard, null, 2)}\n`).toMatchFileSnapshot(`../../${FOLDER}/${uid}.json`)
    },
  )

  it('are all that is committed', () => {
    expect(listFiles(FOLDER)).toEqual(dashboards.map(({ uid }) => `${FOLDER}/${uid}.json`).toSorted())
  })
})

describe.each(dashboards.map((built) => ({ uid: built.uid, built })))('$uid', ({ built }) => {
  const dashboard: GrafanaDashboard = JSON.parse(JSON.stringify(built))
  const panels = dashboard.panels.filter(({ type }) => type !== 'row')
  const targets = panels.flatMap((panel) => panel.targets ?? [])

  it('holds to the schemas that Grafana publishes', () => {
    expect(againstDashboard(dashboard)).toEqual([])
    expect(targets.flatMap((target) => againstQuery(target))).toEqual([])
  })

  it('asks for something of ours in every panel, and says what it shows', () => {
    const silent = panels.filter(({ targets: own = [] }) => own.length === 0)
    expect(silent).toEqual([])
    const foreign = targets.filter(
      ({ expr }) =>
        namedMetrics(expr, known).length === 0 &&
        !recorded.some((name) => expr.includes(name)) &&
        !expr.includes('ALERTS'),
    )
    expect(foreign).toEqual([])
    expect(panels.filter(({ title = '', description = '' }) => title === '' || description.length < 10)).toEqual([])
  })

  it('names metrics and recorded series that exist', () => {
    const queries = queriesOf(dashboard).map(({ expr }) => expr)
    const unknown = queries.flatMap((expr) => namedMetrics(expr, known)).filter((name) => !known.has(name))
    expect(unknown).toEqual([])
    const series = queries.flatMap((expr) => expr.match(/\bcrmwatch:[\w:]+/g) ?? [])
    expect(series.filter((name) => !recorded.includes(name))).toEqual([])
  })

  it('uses the variables that it has, and all of them', () => {
    const variables = dashboard.templating.list.map(({ name }) => name).toSorted()
    const used = new Set(
      [...JSON.stringify([dashboard.panels, dashboard.annotations, dashboard.templating]).matchAll(/\$\{?(\w+)/g)]
        .map(([, name]) => name)
        .filter((name) => !name.startsWith('__')),
    )
    expect([...used].toSorted()).toEqual(variables)
  })

  it('has panels that do not lie upon one another', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })

  it('shows no person and no tenant', () => {
    expect(queriesOf(dashboard).filter(({ expr }) => /actor|contact|org_uid/.test(expr))).toEqual([])
  })
})

describe('the schemas', () => {
  it('object to what Grafana does not know', () => {
    const [dashboard] = dashboards
    expect(againstDashboard({ ...dashboard, panles: [] })).not.toEqual([])
    expect(againstDashboard({ ...dashboard, panels: [{ title: 'of no type' }] })).not.toEqual([])
    expect(againstQuery({ refId: 'A', expr: 7 })).not.toEqual([])
  })
})

describe('provisioning', () => {
  it('takes the generated folder and offers the Prometheus of compose.yaml', () => {
    const { services } = parse(readText('compose.yaml'))
    const [provider] = parse(readText('dashboards/grafana/provisioning/dashboards/crmwatch.yaml')).providers
    expect(services.grafana.volumes).toContain(`./${FOLDER}:${provider.options.path}:ro`)
    const [source] = parse(readText('dashboards/grafana/provisioning/datasources/prometheus.yaml')).datasources
    expect(source).toMatchObject({ type: 'prometheus', isDefault: true, url: 'http://prometheus:9090' })
  })
})
