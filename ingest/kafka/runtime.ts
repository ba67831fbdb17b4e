import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceRuntime } from './options.ts'

/** The machine's own clock, timers and chance, for the composition root to pass in. */
export function createSystemRuntime(): SourceRuntime {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  }
}
