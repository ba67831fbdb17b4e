import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DATA_SOURCE, series } from './series.ts'

export interface FrameOptions {
  /** Also the name of the generated file. */
  readonly uid: string
  readonly title: string
  readonly description: string
  /** Variables besides the data source and the instance, each the values of a label of a metric. */
  readonly variables?: readonly { readonly label: string; readonly metric: string; readonly title: string }[]
  /** Time range shown at first, such as `now-6h`. */
  readonly from: string
}

const TAG = 'crmwatch'
/** What is marked in every panel: a query, and a text with its labels. `atValue`: the value is the mark's time in ms. */
const ANNOTATIONS = [
  {
    name: 'Starts of the service',
    color: 'blue',
    expr: `${series('crmwatch_start_time_seconds')} * 1000`,
    atValue: true,
    title: 'Started',
    text: '{{instance}}',
    shown: true,
  },
  {
    name: 'Critical alerts',
    color: 'red',
    atValue: false,
    expr: `increase(${series('crmwatch_alerts_opened_total', 'severity="critical"')}[$__interval]) > 0`,
    title: 'Critical alert',
    text: 'led by {{detector}}',
    shown: true,
  },
  {
    name: 'Rules that fire',
    color: 'orange',
    atValue: false,
    expr: 'ALERTS{alertname=~"Crmwatch.+",alertstate="firing"}',
    title: '{{alertname}}',
    text: '{{instance}}',
    shown: false,
  },
]

/** An empty dashboard with what all of ours share: variables, marks, and links to the others. */
export function createFrame({ uid, title, description, variables = [], from }: FrameOptions): DashboardBuilder {
  const frame = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone('browser')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from, to: 'now' })
    .link(
      new DashboardLinkBuilder('crmwatch')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .icon('external link')
        .tooltip('The other dashboards, for the same time')
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(labelVariable('instance', 'crmwatch_build_info', 'Instance'))
  for (const { label, metric, title } of variables) frame.withVariable(labelVariable(label, metric, title))
  for (const { name, color, expr, atValue, title, text, shown } of ANNOTATIONS) {
    frame.annotation(
      new AnnotationQueryBuilder()
        .name(name)
        .datasource(DATA_SOURCE)
        .enable(shown)
        .iconColor(color)
        .expr(expr)
        .useValueForTime(atValue)
        .titleFormat(title)
        .textFormat(text),
    )
  }
  return frame
}

/**
 * Gives each panel an id, since links to a panel name it and it must not change from one load to the next, and keeps
 * the links to the other dashboards in sight: the SDK puts them into a menu and has no way to say otherwise.
 */
export const finished = (dashboard: Dashboard): Dashboard => ({
  ...dashboard,
  links: dashboard.links?.map(({ placement: _menu, ...link }) => link),
  panels: dashboard.panels?.map((panel, n) => ({ ...panel, id: n + 1 })),
})

const labelVariable = (label: string, metric: string, title: string): QueryVariableBuilder =>
  new QueryVariableBuilder(label)
    .label(title)
    .datasource(DATA_SOURCE)
    .query(`label_values(${metric}, ${label})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
