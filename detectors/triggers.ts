import { MEASURES, SLOT_COUNT, slotOf } from '../model/measure.ts'
import { CUSUM_MEASURES } from './baseline/cusum-measures.ts'
import type { BoundDetector } from './registry.ts'

/** Who is to be asked when, worked out once from all detectors' triggers. */
export interface CompiledTriggers {
  /** Per slot the lowest count any detector cares for; Infinity when none does. */
  readonly floor: Float64Array
  readonly bySlot: readonly (readonly BoundDetector[])[]
  /** CUSUM number of a measure index, when a detector wants it. */
  readonly cusumOfMeasure: readonly (number | undefined)[]
  readonly cusumFloor: Float64Array
  readonly byCusum: readonly (readonly BoundDetector[])[]
  readonly afterLeaving: readonly BoundDetector[]
}

export function compileTriggers(detectors: readonly BoundDetector[]): CompiledTriggers {
  const floor = new Float64Array(SLOT_COUNT).fill(Number.POSITIVE_INFINITY)
  const bySlot: BoundDetector[][] = Array.from({ length: SLOT_COUNT }, () => [])
  const cusumOfMeasure: (number | undefined)[] = MEASURES.map(() => undefined)
  const cusumFloor = new Float64Array(CUSUM_MEASURES.length).fill(Number.POSITIVE_INFINITY)
  const byCusum: BoundDetector[][] = CUSUM_MEASURES.map(() => [])
  const afterLeaving: BoundDetector[] = []
  for (const detector of detectors) {
    for (const trigger of detector.triggers) {
      if (trigger.on === 'count') {
        const slot = slotOf(trigger.measure, trigger.window)
        floor[slot] = Math.min(floor[slot], trigger.floor)
        bySlot[slot].push(detector)
      } else if (trigger.on === 'cusum') {
        const c = CUSUM_MEASURES.indexOf(trigger.measure)
        if (c === -1) {
          throw new Error(
            `${detector.id}: no CUSUM is kept for ${trigger.measure}; allowed are ${CUSUM_MEASURES.join(', ')}`,
          )
        }
        cusumOfMeasure[MEASURES.indexOf(trigger.measure)] = c
        cusumFloor[c] = Math.min(cusumFloor[c], trigger.floor)
        byCusum[c].push(detector)
      } else {
        afterLeaving.push(detector)
      }
    }
  }
  return { floor, bySlot, cusumOfMeasure, cusumFloor, byCusum, afterLeaving }
}
