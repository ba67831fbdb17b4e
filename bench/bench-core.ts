import { readFileSync } from 'node:fs'
import { coreOptions } from '../commands/core-options.ts'
import { runningMemoryLimit } from '../commands/running-memory-limit.ts'
import { loadConfig } from '../config.ts'
import { checkDetectors } from '../detectors/check-settings.ts'
import { type Core, openCore } from '../ingest/core.ts'
import type { PipelineHooks } from '../ingest/pipeline/pipeline-contract.ts'

/** The working parts with the configuration's defaults, as the service opens them. */
export async function openBenchCore(dir: string, hooks: Partial<PipelineHooks>): Promise<Core> {
  const loaded = loadConfig({
    file: null,
    env: {},
    cwd: dir,
    readFile: (path) => readFileSync(path, 'utf8'),
    checkDetectors,
  })
  if (!loaded.ok) throw new Error('The default configuration is not valid')
  const { config } = loaded
  return await openCore({
    ...coreOptions(config),
    runningMemoryLimit: runningMemoryLimit(config),
    dir,
    hooks,
    breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
    now: () => Date.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
  })
}
