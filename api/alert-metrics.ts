import { Gauge, type Registry } from 'prom-client'
import { SEVERITIES } from '../model/alert.ts'
import type { AlertCount } from '../store/alerts.ts'
import { shareRead } from './share-read.ts'

export interface AlertState {
  /** `since`: epoch ms of event time. */
  counts(since: number): Promise<readonly AlertCount[]>
  now(): number
}

const WEEK_MS = 7 * 86_400_000
const LEAVER = [false, true] as const

/** What stands in the store, read at each scrape, so that a restart changes none of it. */
export function createAlertMetrics(registry: Registry, state: AlertState): void {
  const registers = [registry]
  const read = shareRead(() => state.counts(state.now() - WEEK_MS))
  const perGroup = (name: string, help: string, pick: (count: AlertCount) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['severity', 'leaver'] as const,
      registers,
      async collect() {
        const counts = await read()
        for (const severity of SEVERITIES) {
          for (const leaver of LEAVER) {
            const count = counts.find((one) => one.severity === severity && one.leaver === leaver)
            this.set({ severity, leaver: String(leaver) }, count === undefined ? 0 : pick(count))
          }
        }
      },
    })

  perGroup(
    'crmwatch_alerts_open',
    'Alerts neither resolved nor closed, by severity and whether they are about a leaver.',
    (count) => count.open,
  )
  perGroup(
    'crmwatch_alerts_unreviewed',
    'Alerts that nobody has taken up, by severity and whether they are about a leaver.',
    (count) => count.unreviewed,
  )
  new Gauge({
    name: 'crmwatch_alerts_oldest_unreviewed_seconds',
    help: 'Age of the oldest alert that nobody has taken up, by severity; 0 when there is none.',
    labelNames: ['severity'] as const,
    registers,
    async collect() {
      const counts = await read()
      for (const severity of SEVERITIES) {
        const times = counts
          .filter((count) => count.severity === severity)
          .flatMap(({ oldest_unreviewed_detected_at: at }) => (at === null ? [] : [at]))
        this.set({ severity }, times.length === 0 ? 0 : Math.max(0, (state.now() - Math.min(...times)) / 1000))
      }
    },
  })
  new Gauge({
    name: 'crmwatch_alerts_past_week',
    help: 'Alerts opened within the last seven days by event time, by whether they are about a leaver.',
    labelNames: ['leaver'] as const,
    registers,
    async collect() {
      const counts = await read()
      for (const leaver of LEAVER) {
        const opened = counts.filter((count) => count.leaver === leaver).map((count) => count.opened_since)
        this.set(
          { leaver: String(leaver) },
          opened.reduce((sum, n) => sum + n, 0),
        )
      }
    },
  })
}
