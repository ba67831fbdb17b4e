import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { OutboxCounts } from '../store/deliveries.ts'

export interface OutboxState {
  outboxCounts(): Promise<readonly OutboxCounts[]>
  /** Names of the configured channels. */
  readonly channels: readonly string[]
  now(): number
}

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>

/** The delivery's metrics. Channels are named by the configuration. */
export function createDeliveryMetrics(registry: Registry, state: OutboxState) {
  const registers = [registry]
  new Gauge({
    name: 'crmwatch_deliveries_waiting',
    help: 'Deliveries in the outbox, those for later included.',
    labelNames: ['channel'] as const,
    registers,
    async collect() {
      const counts = await state.outboxCounts()
      this.reset()
      for (const channel of state.channels) this.set({ channel }, 0)
      for (const { channel, waiting } of counts) this.set({ channel }, waiting)
    },
  })
  new Gauge({
    name: 'crmwatch_deliveries_oldest_due_seconds',
    help: 'How long the oldest delivery has been due; 0 when nothing is.',
    labelNames: ['channel'] as const,
    registers,
    async collect() {
      const counts = await state.outboxCounts()
      this.reset()
      for (const channel of state.channels) this.set({ channel }, 0)
      for (const { channel, oldest_due_at } of counts) {
        this.set({ channel }, oldest_due_at === null ? 0 : Math.max(0, (state.now() - oldest_due_at) / 1_000))
      }
    },
  })
  return {
    deliveries: new Counter({
      name: 'crmwatch_deliveries_total',
      help: 'Deliveries that are done, by what became of them: sent, given_up, cancelled.',
      labelNames: ['channel', 'outcome'] as const,
      registers,
    }),
    failedAttempts: new Counter({
      name: 'crmwatch_delivery_failures_total',
      help: 'Attempts to reach a channel that failed, by reason.',
      labelNames: ['channel', 'reason'] as const,
      registers,
    }),
    deliverySeconds: new Histogram({
      name: 'crmwatch_delivery_seconds',
      help: 'Time from when a message was ready until the channel had it.',
      labelNames: ['channel'] as const,
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600, 86_400],
      registers,
    }),
  }
}
