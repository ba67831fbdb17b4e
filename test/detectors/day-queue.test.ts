import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDayQueue } from '../../detectors/baseline/day-queue.ts'
import { MEASURE_WINDOWS, measureOfSlot, SLOT_COUNT, windowOfSlot } from '../../model/measure.ts'

const isCounted = (slot: number) => MEASURE_WINDOWS[measureOfSlot(slot)].includes(windowOfSlot(slot))
/** As the engine makes them: nothing where nothing is counted; mostly small numbers, now and then a large one. */
const peaks = fc.array(fc.oneof(fc.nat(50), fc.nat(0xffff), fc.integer({ min: -2, max: 0x7fffffff })), {
  minLength: SLOT_COUNT,
  maxLength: SLOT_COUNT,
})
const step = fc.oneof(
  fc.record({ push: fc.record({ day: fc.nat(80_000), flags: fc.nat(15), peaks }) }),
  fc.record({ drop: fc.nat(3) }),
)

test('holds days as an array of them would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = createDayQueue()
      let days: { day: number; flags: number; peaks: number[] }[] = []
      for (const one of steps) {
        if ('push' in one) {
          const counted = one.push.peaks.map((peak, slot) => (isCounted(slot) ? peak : 0))
          days.push({ ...one.push, peaks: counted })
          queue.push(one.push.day, one.push.flags, Int32Array.from(counted))
        } else {
          const count = Math.min(one.drop, days.length)
          days = days.slice(count)
          queue.drop(count)
        }
      }
      const held = Array.from({ length: queue.length }, (_, i) => ({
        day: queue.day(i),
        flags: queue.flags(i),
        peaks: Array.from({ length: SLOT_COUNT }, (_, slot) => queue.peak(i, slot)),
      }))
      expect(held).toEqual(days)
    }),
  )
})

test('measures that an earlier version did not know are 0', () => {
  const queue = createDayQueue()
  queue.push(20_000, 0, Int32Array.of(7))
  expect(queue.peak(0, 0)).toBe(7)
  expect(queue.peak(0, SLOT_COUNT - 1)).toBe(0)
})
