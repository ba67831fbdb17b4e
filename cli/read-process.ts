import { performance } from 'node:perf_hooks'
import type { ProcessReading } from '../api/process-metrics.ts'

/** Reads this process. */
export function readProcess(): ProcessReading {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return {
    startedAt: performance.timeOrigin,
    residentBytes: rss,
    heapUsedBytes: heapUsed,
    cpuSeconds: (user + system) / 1e6,
    eventLoopBusySeconds: performance.eventLoopUtilization().active / 1000,
  }
}
