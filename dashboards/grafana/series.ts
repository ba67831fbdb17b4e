import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'

/** The Prometheus chosen at the top of the dashboard. */
export const DATA_SOURCE: DataSourceRef = { type: 'prometheus', uid: '$' + '{datasource}' }

/** Matcher of the sources chosen, on dashboards that have that variable. */
export const CHOSEN_SOURCE = 'source=~"$source"'

/** Series of a metric of the instances chosen, narrowed further by label matchers. */
export const series = (metric: string, ...matchers: readonly string[]): string =>
  `${metric}{${['instance=~"$instance"', ...matchers].join(',')}}`

/** Per second, over an interval that holds enough scrapes. */
export const rate = (metric: string, ...matchers: readonly string[]): string =>
  `rate(${series(metric, ...matchers)}[$__rate_interval])`

/** How often something happened between two points of the graph. */
export const increase = (metric: string, ...matchers: readonly string[]): string =>
  `increase(${series(metric, ...matchers)}[$__rate_interval])`

/** A quantile of a histogram, over all instances chosen or per label. */
export const quantile = (q: number, histogram: string, by: readonly string[] = []): string =>
  `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (${rate(`${histogram}_bucket`)}))`
