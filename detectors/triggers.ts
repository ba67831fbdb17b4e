import { SLOT_COUNT } from '../model/measure.ts'
import type { ActorTable } from './actor-table.ts'
import type { BoundDetector } from './registry.ts'
import { TEST_COUNT, TESTS } from './risk/tests.ts'

/** A detector that a test's surprise concerns, from a count on. */
export interface Listener {
  readonly detector: BoundDetector
  readonly floor: number
}

/** The count of the actor's day that a test's floors are held against: what it saw, of a CUSUM the most over its window. */
export function reachedCount({ seen, peaks }: Pick<ActorTable, 'seen' | 'peaks'>, code: number, t: number): number {
  const test = TESTS[t]
  return test.kind === 'cusum' ? peaks[code * SLOT_COUNT + test.floorSlot] : seen[code * TEST_COUNT + t]
}

/** Who is to be asked when, worked out once from all detectors' triggers. */
export interface CompiledTriggers {
  /** Per test the lowest count any detector cares for; Infinity when none does. */
  readonly floor: Float64Array
  readonly byTest: readonly (readonly Listener[])[]
  readonly afterLeaving: readonly BoundDetector[]
}

export function compileTriggers(detectors: readonly BoundDetector[]): CompiledTriggers {
  const floor = new Float64Array(TEST_COUNT).fill(Number.POSITIVE_INFINITY)
  const byTest: Listener[][] = Array.from({ length: TEST_COUNT }, () => [])
  const afterLeaving: BoundDetector[] = []
  for (const detector of detectors) {
    for (const trigger of detector.triggers) {
      if (trigger.on === 'access-after-leaving') {
        afterLeaving.push(detector)
        continue
      }
      const t = TESTS.findIndex(({ id }) => id === trigger.test)
      if (t === -1) throw new Error(`${detector.id}: there is no test ${trigger.test}`)
      floor[t] = Math.min(floor[t], trigger.floor)
      byTest[t].push({ detector, floor: trigger.floor })
    }
  }
  return { floor, byTest, afterLeaving }
}
