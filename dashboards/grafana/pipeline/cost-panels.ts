import { linesPanel } from '../panels.ts'
import { rate, series } from '../series.ts'

/** What the process takes of the machine. */
export const costPanels = () => [
  linesPanel({
    title: 'Memory',
    description: 'Of the process, and what of it the JavaScript heap uses.',
    unit: 'bytes',
    span: 8,
    queries: [
      { expr: series('crmwatch_resident_memory_bytes'), legend: 'resident {{instance}}' },
      { expr: series('crmwatch_heap_used_bytes'), legend: 'heap {{instance}}' },
    ],
  }),
  linesPanel({
    title: 'Processor and event loop',
    description:
      'Cores in use, and the share of time that the one JavaScript thread is at work: near 1 it has no more to give.',
    unit: 'none',
    span: 8,
    queries: [
      { expr: rate('crmwatch_cpu_seconds_total'), legend: 'cores {{instance}}' },
      { expr: rate('crmwatch_event_loop_busy_seconds_total'), legend: 'event loop {{instance}}' },
    ],
  }),
  linesPanel({
    title: 'Store and disk',
    description: 'Size of the DuckDB file with its write-ahead log, and the free space of its volume.',
    unit: 'bytes',
    span: 8,
    queries: [
      { expr: series('crmwatch_store_size_bytes'), legend: 'store {{instance}}' },
      { expr: series('crmwatch_data_volume_free_bytes'), legend: 'free {{instance}}' },
    ],
  }),
  linesPanel({
    title: 'Windows in memory',
    description: 'Accesses held for the sliding windows: what memory grows with.',
    unit: 'short',
    queries: [{ expr: series('crmwatch_window_entries'), legend: '{{instance}}' }],
  }),
  linesPanel({
    title: 'Pasts to fold again',
    description: 'People whose past waits, after late events or a notice.',
    unit: 'none',
    queries: [{ expr: series('crmwatch_refolds_waiting'), legend: '{{instance}}' }],
  }),
]
