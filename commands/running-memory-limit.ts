import type { Config } from '../config.ts'

/** Only the rebuild searches through all of the store, and what does so later may use the disk. */
const SHARE = 1 / 3
const LEAST_MB = 96

/** What DuckDB is held to while a service on disk runs: else it keeps what it has read and written up to its limit. */
export function runningMemoryLimit({ data }: Config): string {
  const limit = data.memory_limit_mb
  return `${Math.min(limit, Math.max(Math.floor(limit * SHARE), LEAST_MB))}MB`
}
