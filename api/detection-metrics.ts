import { Gauge, type Registry } from 'prom-client'
import { BASELINE_DEPTHS, type Population } from '../detectors/population.ts'
import type { AlertBudget } from '../detectors/risk/calibration.ts'
import type { RiskBand } from './risk-service.ts'
import { shareRead } from './share-read.ts'

export interface DetectionState {
  population(): Population
  /** How many people are at which risk, each band among them. */
  risks(): ReadonlyMap<RiskBand, number>
  readonly budget: AlertBudget
}

const DAY_SECONDS = 86_400

/** How much detection knows and what it was told to accept, over all tenants and roles: none of them is ever a label. */
export function createDetectionMetrics(registry: Registry, state: DetectionState): void {
  const registers = [registry]
  const population = shareRead(async () => state.population())
  new Gauge({
    name: 'crmwatch_people',
    help: 'People who did something within 28 days, by whether they are in notice or have left.',
    labelNames: ['leaver_state'] as const,
    registers,
    async collect() {
      for (const [leaver_state, people] of Object.entries((await population()).people))
        this.set({ leaver_state }, people)
    },
  })
  new Gauge({
    name: 'crmwatch_baselines',
    help: 'People who did something within 28 days, by how many worked days their own baselines hold.',
    labelNames: ['learned'] as const,
    registers,
    async collect() {
      const { baselines } = await population()
      for (const learned of BASELINE_DEPTHS) this.set({ learned }, baselines[learned])
    },
  })
  new Gauge({
    name: 'crmwatch_baseline_age_seconds',
    help: 'Time since the newest day that baselines can learn from, in whole days; absent while there is none.',
    registers,
    async collect() {
      const { newestClosedDaysAgo } = await population()
      this.remove()
      if (newestClosedDaysAgo !== null) this.set(newestClosedDaysAgo * DAY_SECONDS)
    },
  })
  new Gauge({
    name: 'crmwatch_people_at_risk',
    help: 'People who did something within 28 days, by how high their risk is now.',
    labelNames: ['risk'] as const,
    registers,
    collect() {
      for (const [risk, people] of state.risks()) this.set({ risk }, people)
    },
  })
  new Gauge({
    name: 'crmwatch_roles',
    help: 'Roles judged, by what their cuts rest on: what is assumed, the history of all roles, or mostly their own.',
    labelNames: ['calibration'] as const,
    registers,
    async collect() {
      for (const [calibration, roles] of Object.entries((await population()).roles)) this.set({ calibration }, roles)
    },
  })
  new Gauge({
    name: 'crmwatch_risk_cut',
    help: 'Risk from which an alert opens, the least and the greatest of all roles; absent while no role was judged.',
    labelNames: ['leaver', 'bound'] as const,
    registers,
    async collect() {
      const { cuts } = await population()
      this.reset()
      for (const [bound, cut] of Object.entries(cuts ?? {})) {
        this.set({ leaver: 'false', bound }, cut.ordinary)
        this.set({ leaver: 'true', bound }, cut.leaver)
      }
    },
  })
  new Gauge({
    name: 'crmwatch_alert_budget',
    help: 'False alerts accepted per 1,000 employees and week, as configured, about leavers and about others.',
    labelNames: ['leaver'] as const,
    registers,
    collect() {
      this.set({ leaver: 'false' }, state.budget.ordinary)
      this.set({ leaver: 'true' }, state.budget.leaver)
    },
  })
}
