import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../fixtures/cases/case.ts'
import { SLOT_COUNT, slotOf, WINDOWS } from '../../model/measure.ts'
import { createBench } from './fold-case.ts'

const T0 = Date.UTC(2026, 0, 5)
const LAST = T0 + 40 * DAY
const HIGHEST = 2 ** 31 - 1
const exported = (actor: string, time: number, count: number) => ({ time, actor, action: 'export' as const, count })

it('counts beyond 2,147,483,647 stand at that, in findings and in closed days', () => {
  const bench = createBench()
  const anna = bench.actor('anna')
  const quiet = Array.from({ length: 40 }, (_, d) =>
    Array.from({ length: 12 }, (_, p) => exported(`p${p}`, T0 + d * DAY + 9 * HOUR + p * MINUTE, 5 + ((d + p) % 7))),
  )
  const huge = [200, HIGHEST, HIGHEST].map((count, n) => exported('anna', LAST + (9 + n) * HOUR, count))
  const after = [1, 2, 3].map((d) => exported('anna', LAST + d * DAY + 9 * HOUR, 1))
  const findings = bench.fold([...quiet.flat(), ...huge, ...after])
  const observed = findings.map(({ finding }) => finding.observed ?? 0)
  expect(observed.length).toBeGreaterThan(0)
  expect(Math.max(...observed)).toBe(HIGHEST)
  expect(Math.min(...observed)).toBeGreaterThan(0)
  const closed = bench.engine.takeClosedDays().filter(({ actor }) => actor === anna)
  const taken = WINDOWS.map((window) => slotOf('records_taken', window))
  expect(taken.map((slot) => closed[0].peaks[slot])).toEqual(WINDOWS.map(() => HIGHEST))
  // The next day begins with what the weeks before it hold.
  expect(closed[1].peaks[slotOf('records_taken', '7d')]).toBe(HIGHEST)
  for (const { peaks } of closed) for (let s = 0; s < SLOT_COUNT; s++) expect(peaks[s]).toBeGreaterThanOrEqual(0)
})
