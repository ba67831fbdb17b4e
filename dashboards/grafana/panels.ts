import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  RowBuilder,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatPanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeSeriesPanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { DATA_SOURCE } from './series.ts'

export interface Query {
  readonly expr: string
  /** How a series is called; `{{label}}` stands for a label's value. */
  readonly legend: string
}

interface PanelOptions {
  readonly title: string
  /** What it shows, and what to make of it. */
  readonly description: string
  /** One of Grafana's unit ids. */
  readonly unit: 'short' | 's' | 'bytes' | 'percentunit' | 'ops' | 'none'
  /** Columns of 24. */
  readonly span?: number
}

export interface NumberOptions extends PanelOptions {
  readonly expr: string
  /** Values from which the number turns orange and red. */
  readonly limits?: { readonly warning?: number; readonly critical?: number }
}

export interface LinesOptions extends PanelOptions {
  readonly queries: readonly Query[]
  /** Series that add up to a whole lie upon one another. */
  readonly stacked?: boolean
  /** Counts of single happenings are bars. */
  readonly bars?: boolean
}

const NUMBER_HEIGHT = 4
const LINES_HEIGHT = 8

export const rowOf = (title: string): RowBuilder => new RowBuilder(title)

/** The newest value, large. */
export function numberPanel({ title, description, unit, span = 4, expr, limits }: NumberOptions): StatPanelBuilder {
  const panel = new StatPanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .unit(unit)
    .min(0)
    .span(span)
    .height(NUMBER_HEIGHT)
    .graphMode(BigValueGraphMode.None)
    .colorMode(limits === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .withTarget(queryOf({ expr, legend: title }, 0))
  return limits === undefined ? panel : panel.thresholds(thresholdsOf(limits))
}

/** Values over time. */
export function linesPanel({ title, description, unit, span = 12, queries, stacked, bars }: LinesOptions) {
  const panel = new TimeSeriesPanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .unit(unit)
    .min(0)
    .span(span)
    .height(LINES_HEIGHT)
    .drawStyle(bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .fillOpacity(stacked || bars ? 40 : 5)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
  if (stacked || bars) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
  queries.forEach((query, n) => {
    panel.withTarget(queryOf(query, n))
  })
  return panel
}

const queryOf = ({ expr, legend }: Query, n: number): DataqueryBuilder =>
  new DataqueryBuilder()
    .datasource(DATA_SOURCE)
    .expr(expr)
    .legendFormat(legend)
    .range()
    .refId(String.fromCharCode(65 + n))

function thresholdsOf({ warning, critical }: NonNullable<NumberOptions['limits']>): ThresholdsConfigBuilder {
  const steps: Threshold[] = [{ value: null, color: 'green' }]
  if (warning !== undefined) steps.push({ value: warning, color: 'orange' })
  if (critical !== undefined) steps.push({ value: critical, color: 'red' })
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}
