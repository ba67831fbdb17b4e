import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { createDetectionQuality } from './detection-quality.ts'
import { createOverview } from './overview.ts'
import { createPipeline } from './pipeline.ts'

/** All dashboards as Grafana's provisioning takes them. */
export const createDashboards = (): Dashboard[] =>
  [createOverview(), createPipeline(), createDetectionQuality()].map((builder) => finished(builder.build()))

/**
 * Gives each panel an id, since links to a panel name it and it must not change from one load to the next, and keeps
 * the links to the other dashboards in sight: the SDK puts them into a menu and has no way to say otherwise.
 */
const finished = (dashboard: Dashboard): Dashboard => ({
  ...dashboard,
  links: dashboard.links?.map(({ placement: _menu, ...link }) => link),
  panels: dashboard.panels?.map((panel, n) => ({ ...panel, id: n + 1 })),
})
