import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { createDetectionQuality } from './detection-quality.ts'
import { finished } from './frame.ts'
import { createOverview } from './overview.ts'
import { createPipeline } from './pipeline.ts'

/** All dashboards as Grafana's provisioning takes them. */
export const createDashboards = (): Dashboard[] =>
  [createOverview(), createPipeline(), createDetectionQuality()].map((builder) => finished(builder.build()))
