import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTally, NO_CIRCUMSTANCES } from '../../detectors/tally.ts'
import { createEventBatch, type Kind, NONE } from '../../model/event-batch.ts'
import { MEASURE_INDEX, MEASURE_WINDOWS, type Measure, WINDOW_MS, WINDOWS } from '../../model/measure.ts'

const EXPORT: Kind = {
  action: 'export',
  object_type: 'contact',
  outcome: 'success',
  object_uids_complete: false,
  excluded: false,
} as Kind
const MINUTE = 60_000
const UNSIZED = MEASURE_INDEX.unsized_exports

interface Row {
  readonly minute: number
  readonly operation: number
  readonly count: number | null
}

test('exports of unknown size are counted in each window until their size is told, and never below none', () => {
  const row = fc.record({ minute: fc.nat(3_000), operation: fc.nat(5), count: fc.option(fc.nat(20), { nil: null }) })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (given) => {
      const rows = given.toSorted((a, b) => a.minute - b.minute)
      const tally = createTally(() => EXPORT, { orderOf: () => Number.NaN })
      const batch = createEventBatch(rows.length)
      rows.forEach(({ minute, operation, count }, i) => {
        batch.time[i] = minute * MINUTE
        batch.object[i] = NONE
        batch.recordCount[i] = count ?? NONE
        batch.logicalOp[i] = `op-${operation}`
        batch.length++
        tally.add(0, batch, i, NO_CIRCUMSTANCES)
        tally.advance(0, minute * MINUTE)
        for (const window of MEASURE_WINDOWS.unsized_exports) {
          const from = minute - WINDOW_MS[window] / MINUTE
          expect(tally.count(0, UNSIZED, WINDOWS.indexOf(window))).toBe(unsizedSince(rows.slice(0, i + 1), from))
        }
      })
    }),
  )
})

const LIST = { ...EXPORT, action: 'list' } as Kind
const SHARE = { ...EXPORT, action: 'share' } as Kind
const TEN = Int32Array.from({ length: 10 }, (_, n) => n)

test.each([
  ['a list, then the export of it', [LIST, TEN], [EXPORT, TEN], { taken: 10, listed: 10, shared: 0 }],
  ['an export, then the list behind it', [EXPORT, TEN], [LIST, TEN], { taken: 10, listed: 10, shared: 0 }],
  ['an export that names nothing, then its list', [EXPORT, null], [LIST, TEN], { taken: 10, listed: 10, shared: 0 }],
  ['a list, then its export that names nothing', [LIST, TEN], [EXPORT, null], { taken: 10, listed: 10, shared: 0 }],
  ['a share that names nothing, then its list', [SHARE, null], [LIST, TEN], { taken: 10, listed: 10, shared: 10 }],
  ['an export, then a share of it', [EXPORT, TEN], [SHARE, null], { taken: 10, listed: 0, shared: 10 }],
] as const)('%s: one operation counts once as each', (_, first, second, { taken, listed, shared }) => {
  const kinds = [first[0], second[0]]
  const tally = createTally((kind) => kinds[kind], { orderOf: () => Number.NaN })
  const batch = createEventBatch(2)
  for (const [i, [, objects]] of [first, second].entries()) {
    batch.kind[i] = i
    batch.time[i] = i * MINUTE
    batch.object[i] = objects === null ? NONE : objects[0]
    batch.objects[i] = objects
    batch.recordCount[i] = NONE
    batch.logicalOp[i] = 'op'
    batch.length++
    tally.add(0, batch, i, NO_CIRCUMSTANCES)
  }
  const day = (measure: Measure) => tally.count(0, MEASURE_INDEX[measure], WINDOWS.indexOf('1d'))
  expect(day('records_taken')).toBe(taken)
  expect(day('records_listed')).toBe(listed)
  expect(day('records_shared')).toBe(shared)
  expect(day('unsized_exports')).toBe(0)
})

/** Operations none of whose rows tells a size, and of which the first is no older than `from`. */
function unsizedSince(rows: readonly Row[], from: number): number {
  const operations = Object.values(Object.groupBy(rows, ({ operation }) => String(operation)))
  return operations.filter((all = []) => all.every(({ count }) => count === null) && all[0].minute >= from).length
}
