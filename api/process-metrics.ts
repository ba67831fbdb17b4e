import { Counter, Gauge, type Registry } from 'prom-client'
import type { HealthReport } from './services.ts'

/** What the process knows of itself at one moment. */
export interface ProcessReading {
  /** Epoch ms. */
  readonly startedAt: number
  readonly residentBytes: number
  readonly heapUsedBytes: number
  /** User and system time since the start. */
  readonly cpuSeconds: number
  /** Time that the event loop was at work since the start. */
  readonly eventLoopBusySeconds: number
}

export interface ProcessState {
  readonly version: string
  read(): ProcessReading
  health(): HealthReport
  /** The volume of `data.dir`; null when nothing is on one. */
  volume(): { readonly sizeBytes: number; readonly freeBytes: number } | null
}

/** The process, its health and its disk. */
export function createProcessMetrics(registry: Registry, state: ProcessState): void {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number | null) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = read()
        this.remove()
        if (value !== null) this.set(value)
      },
    })
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })

  gauge('crmwatch_resident_memory_bytes', 'Resident memory of the process.', () => state.read().residentBytes)
  gauge('crmwatch_heap_used_bytes', 'JavaScript heap in use.', () => state.read().heapUsedBytes)
  gauge(
    'crmwatch_start_time_seconds',
    'Start of the process since the Unix epoch.',
    () => state.read().startedAt / 1000,
  )
  counter('crmwatch_cpu_seconds_total', 'CPU time of the process, user and system.', () => state.read().cpuSeconds)
  counter(
    'crmwatch_event_loop_busy_seconds_total',
    'Time that the event loop was at work; a rate near 1 means that it has no more to give.',
    () => state.read().eventLoopBusySeconds,
  )
  gauge(
    'crmwatch_data_volume_size_bytes',
    'Size of the volume that holds data.dir.',
    () => state.volume()?.sizeBytes ?? null,
  )
  gauge(
    'crmwatch_data_volume_free_bytes',
    'Free space of the volume that holds data.dir, as far as the process may use it.',
    () => state.volume()?.freeBytes ?? null,
  )
  gauge('crmwatch_ready', 'Whether /readyz says ok: 1 or 0.', () => Number(state.health().ready))
  new Gauge({
    name: 'crmwatch_health_check_passing',
    help: 'Whether a check behind /readyz passes: 1 or 0.',
    labelNames: ['check'] as const,
    registers,
    collect() {
      for (const [check, { ok }] of Object.entries(state.health().checks)) this.set({ check }, Number(ok))
    },
  })
  new Gauge({
    name: 'crmwatch_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'] as const,
    registers,
    collect() {
      this.set({ version: state.version }, 1)
    },
  })
}
