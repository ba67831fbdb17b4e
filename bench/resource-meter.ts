import { type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks'

export interface ResourceUse {
  readonly seconds: number
  readonly cpuSeconds: number
  /** Share of the time in garbage collection on the main thread. */
  readonly gcShare: number
  /** Share of the time the event loop waited. */
  readonly idleShare: number
  readonly peakRssBytes: number
}

const SAMPLE_MS = 100

/** Measures this process from now to the call of the returned function. */
export function startMeter(): () => ResourceUse {
  const started = performance.now()
  const cpu = process.cpuUsage()
  const loop = performance.eventLoopUtilization()
  let gcMs = 0
  const add = (entries: PerformanceEntry[]) => {
    for (const { duration } of entries) gcMs += duration
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  let peakRssBytes = process.memoryUsage.rss()
  const timer = setInterval(() => {
    peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss())
  }, SAMPLE_MS)
  return () => {
    clearInterval(timer)
    add(observer.takeRecords())
    observer.disconnect()
    const ms = performance.now() - started
    const { user, system } = process.cpuUsage(cpu)
    return {
      seconds: ms / 1000,
      cpuSeconds: (user + system) / 1e6,
      gcShare: gcMs / ms,
      idleShare: 1 - performance.eventLoopUtilization(loop).utilization,
      peakRssBytes: Math.max(peakRssBytes, process.memoryUsage.rss()),
    }
  }
}
