import { getPriority, platform, setPriority } from 'node:os'

/** How much nicer than the others: enough to come after them, and still to get a quarter of a contended processor. */
const NICER = 5
const NICEST = 19

/**
 * Lets the other threads go first where there are not processors enough: the main one holds the rate down and answers
 * HTTP, and what it takes is read ahead of it. On Linux alone, where each thread has a priority of its own.
 */
export function giveWay(): void {
  if (platform() !== 'linux') return
  try {
    setPriority(Math.min(NICEST, getPriority() + NICER))
  } catch {
    // A sandbox may refuse the call. All threads are then equal.
  }
}
