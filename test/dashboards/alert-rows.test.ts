import { Compile } from 'typebox/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createAlertRows } from '../../dashboards/grafana/alert-rows.ts'
import { readText } from '../architecture/source-files.ts'
import { type RunningService, startFilledService } from '../docs/running-service.ts'

interface RowsQuery {
  readonly url: string
  readonly root_selector: string
  readonly columns: readonly { readonly selector: string; readonly text: string; readonly type: string }[]
}
interface Rows {
  readonly panels: readonly { readonly title: string; readonly targets: readonly RowsQuery[] }[]
  readonly annotations: {
    readonly list: readonly {
      readonly target: RowsQuery
      readonly mappings: Record<string, { readonly value: string }>
    }[]
  }
}

const built = createAlertRows()
const rows: Rows = JSON.parse(JSON.stringify(built))
const queries = [
  ...rows.panels.flatMap(({ title, targets }) => targets.map((query) => ({ name: title, query }))),
  ...rows.annotations.list.map(({ target }) => ({ name: 'marks', query: target })),
]

const NOW = Date.UTC(2026, 4, 6, 15)
let service: RunningService
beforeAll(async () => {
  service = await startFilledService(NOW)
})
afterAll(() => service?.[Symbol.asyncDispose]())

/** What Grafana asks with the time shown put in. */
const asked = (url: string) =>
  url.replace('$' + '{__from}', String(NOW - 7 * 86_400_000)).replace('$' + '{__to}', String(NOW + 1))

describe('the dashboard of alert rows', () => {
  it('is committed as the code makes it; `npx vitest run test/dashboards -u` writes it anew', async () => {
    await expect(`${JSON.stringify(built, null, 2)}\n`).toMatchFileSnapshot(
      '../../dashboards/grafana/with-people/crmwatch-alerts.json',
    )
  })

  it('holds to the schema that Grafana publishes', () => {
    const schema = Compile(JSON.parse(readText('test/dashboards/grafana-schema/dashboard.json')))
    expect(schema.Errors(rows)).toEqual([true, []])
  })

  it('is offered, and not provisioned with the others', () => {
    const { services } = parse(readText('compose.yaml'))
    expect(services.grafana.volumes.filter((volume: string) => volume.includes('with-people'))).toEqual([])
  })

  it.each(queries)('asks the API what it answers: $name', async ({ query }) => {
    const answer = JSON.parse(await service.get(asked(query.url)))
    expect(Object.keys(answer)).toContain(query.root_selector)
    const [any] = JSON.parse(await service.get('/v1/alerts?limit=1'))[query.root_selector]
    for (const { selector, type } of query.columns) {
      const value = selector.split('.').reduce((from, key) => from[key], any)
      expect([selector, value]).not.toEqual([selector, undefined])
      if (type === 'timestamp') expect(Date.parse(value)).toBeGreaterThan(0)
      if (type === 'number') expect(typeof value).toBe('number')
    }
  })

  it('has rows, and marks whose fields are there', async () => {
    const [open] = queries
    expect(JSON.parse(await service.get(asked(open.query.url))).items.length).toBeGreaterThan(0)
    for (const { target, mappings } of rows.annotations.list)
      for (const { value } of Object.values(mappings)) expect(target.columns.map(({ text }) => text)).toContain(value)
  })
})
