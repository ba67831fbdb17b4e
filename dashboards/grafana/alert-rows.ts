import {
  AnnotationEventFieldSource,
  type Dashboard,
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as TablePanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { finished } from './frame.ts'

/** The data source that asks an HTTP API for JSON: https://grafana.com/grafana/plugins/yesoreyeram-infinity-datasource */
const PLUGIN = 'yesoreyeram-infinity-datasource'
const API = { type: PLUGIN, uid: '$' + '{api}' }
/** Grafana puts the time shown here, as epoch milliseconds. */
const SHOWN = 'from=$' + '{__from}&to=$' + '{__to}'
const ROWS = 200

interface Column {
  readonly selector: string
  readonly text: string
  readonly type: 'timestamp' | 'string' | 'number'
}

const COLUMNS: readonly Column[] = [
  { selector: 'opened_at', text: 'Opened', type: 'timestamp' },
  { selector: 'severity', text: 'Severity', type: 'string' },
  { selector: 'score', text: 'Score', type: 'number' },
  { selector: 'actor_uid', text: 'Person', type: 'string' },
  { selector: 'staff.name', text: 'Name', type: 'string' },
  { selector: 'leaver', text: 'Leaving', type: 'string' },
  { selector: 'summary', text: 'What', type: 'string' },
  { selector: 'status', text: 'Status', type: 'string' },
  { selector: 'verdict', text: 'Verdict', type: 'string' },
  { selector: 'assignee', text: 'With', type: 'string' },
  { selector: 'alert_uid', text: 'Alert', type: 'string' },
]

/** Rows of the API's answer as Infinity's backend parser makes them. */
const rowsOf = (path: string, refId: string) => ({
  refId,
  datasource: API,
  type: 'json',
  source: 'url',
  parser: 'backend',
  format: 'table',
  url: path,
  url_options: { method: 'GET', data: '' },
  root_selector: 'items',
  columns: COLUMNS,
  filters: [],
  // By this the SDK knows a query; JSON leaves it out.
  _implementsDataqueryVariant: () => undefined,
})

const TABLES = [
  {
    title: 'Open alerts',
    description: `Opened in the time shown and neither resolved nor closed, newest first, ${ROWS} at most.`,
    path: `/v1/alerts?status=new&status=in_progress&status=on_hold&limit=${ROWS}&${SHOWN}`,
  },
  {
    title: 'Settled alerts',
    description: `Opened in the time shown, and resolved or closed since, newest first, ${ROWS} at most.`,
    path: `/v1/alerts?status=resolved&status=closed&limit=${ROWS}&${SHOWN}`,
  },
] as const

const MARKS = {
  name: 'Critical alerts',
  datasource: API,
  enable: true,
  iconColor: 'red',
  target: rowsOf(`/v1/alerts?severity=critical&limit=${ROWS}&${SHOWN}`, 'Marks'),
  mappings: {
    time: { source: AnnotationEventFieldSource.Field, value: 'Opened' },
    title: { source: AnnotationEventFieldSource.Field, value: 'Person' },
    text: { source: AnnotationEventFieldSource.Field, value: 'What' },
  },
}

/**
 * For analysts who want the alerts themselves in Grafana: rows and marks straight from the API. Unlike the other
 * dashboards it names people, and needs a plugin, so that it is offered and not provisioned.
 */
export function createAlertRows(): Dashboard {
  const frame = new DashboardBuilder('crmwatch: alerts')
    .uid('crmwatch-alerts')
    .description('The alerts themselves, from the API. It names people: show it to nobody who may not see the alerts.')
    .timezone('browser')
    .readonly()
    .refresh('1m')
    .time({ from: 'now-7d', to: 'now' })
    .link(
      new DashboardLinkBuilder('crmwatch')
        .type(DashboardLinkType.Dashboards)
        .tags(['crmwatch'])
        .icon('external link')
        .tooltip('The dashboards without people, for the same time')
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('api').label('API').type(PLUGIN))
  for (const { title, description, path } of TABLES) {
    frame.withPanel(
      new TablePanelBuilder()
        .title(title)
        .description(description)
        .datasource(API)
        .filterable(true)
        .span(24)
        .height(12)
        .withTarget({ build: () => rowsOf(path, 'A') }),
    )
  }
  return { ...finished(frame.build()), annotations: { list: [MARKS] } }
}
