import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createLogicalOperations,
  OPERATION_LIMITS,
  type OperationLimits,
  type OperationRow,
  type RecordUse,
} from '../../detectors/windows/logical-operations.ts'

const limited = (limits: Partial<OperationLimits>) => createLogicalOperations({ ...OPERATION_LIMITS, ...limits })
const row = (change: Partial<OperationRow> = {}): OperationRow => ({
  ...{ actor: 1, operation: 'op', time: 5, uses: ['taken'], reported: null, objects: [], countsUnsized: true },
  ...change,
})

const NOTHING = { listed: 0, taken: 0, shared: 0 }

const chunk = fc.record({
  reported: fc.option(fc.integer({ min: 0, max: 50 }), { nil: null }),
  objects: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 10 }),
})

test('an operation counts once: the largest number reported, or the ids of all its rows, in any order', () => {
  fc.assert(
    fc.property(fc.array(chunk, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (chunks, dice) => {
      const shuffled = chunks
        .map((one) => ({ one, key: dice.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one)
      const total = (rows: typeof chunks) => {
        const operations = createLogicalOperations()
        return rows.reduce((sum, one) => sum + operations.add(row(one)).taken, 0)
      }
      const ids = new Set(chunks.flatMap(({ objects }) => objects))
      const largest = Math.max(0, ...chunks.map(({ reported }) => reported ?? 0))
      expect(total(chunks)).toBe(Math.max(largest, ids.size))
      expect(total(shuffled)).toBe(total(chunks))
    }),
  )
})

test('what is done with the records of an operation counts all of them once, whichever row tells how many', () => {
  const uses = ['listed', 'taken', 'shared'] as const
  const used = fc.tuple(chunk, fc.subarray([...uses]))
  fc.assert(
    fc.property(fc.array(used, { minLength: 1, maxLength: 8 }), (rows) => {
      const operations = createLogicalOperations()
      const counted: Record<RecordUse, number> = { ...NOTHING }
      for (const [one, made] of rows) {
        const growth = operations.add(row({ ...one, uses: made }))
        for (const use of uses) counted[use] += growth[use]
      }
      const ids = new Set(rows.flatMap(([{ objects }]) => objects))
      const amount = Math.max(ids.size, ...rows.map(([{ reported }]) => reported ?? 0))
      for (const use of uses) expect(counted[use]).toBe(rows.some(([, made]) => made.includes(use)) ? amount : 0)
    }),
  )
})

test('the same name is another operation for another actor, and after it was forgotten', () => {
  const operations = limited({ keepMs: 1_000 })
  const add = (actor: number, operation: string, time: number) =>
    operations.add(row({ actor, operation, time, reported: 10 })).taken
  expect([add(1, 'op', 0), add(2, 'op', 0), add(1, 'op', 500)]).toEqual([10, 10, 0])
  add(3, 'other', 2_000)
  expect(add(1, 'op', 2_001)).toBe(10)
  operations.forget(1)
  expect([add(1, 'op', 2_001), add(3, 'other', 2_001)]).toEqual([10, 0])
})

test('an operation is followed by the time of its own actor, whatever others do meanwhile', () => {
  const operations = limited({ keepMs: 1_000 })
  const add = (actor: number, operation: string, time: number) =>
    operations.add(row({ actor, operation, time, reported: 10 })).taken
  const imported = [add(1, 'export', 0), add(2, 'live', 90_000), add(1, 'export', 1), add(2, 'live', 90_001)]
  expect(imported).toEqual([10, 10, 0, 0])
  expect([add(1, 'next', 1_002), add(1, 'export', 1_002)]).toEqual([10, 10])
})

test('one that goes on for longer holds back none that are over', () => {
  const operations = limited({ keepMs: 1_000 })
  const add = (operation: string, time: number) => operations.add(row({ operation, time, reported: 10 })).taken
  expect([add('long', 0), add('short', 1), add('long', 900), add('long', 1_800)]).toEqual([10, 10, 0, 0])
  expect([operations.size, add('short', 1_801)]).toEqual([1, 10])
})

test('an operation is of unknown size from its first such row until a row tells its size', () => {
  const operations = createLogicalOperations()
  const add = (time: number, change: Partial<OperationRow> = {}) => operations.add(row({ time, ...change }))
  expect(add(1, { countsUnsized: false })).toEqual({ ...NOTHING, taken: 0, isUnsized: false, unsizedSince: null })
  expect(add(2)).toEqual({ ...NOTHING, taken: 0, isUnsized: true, unsizedSince: null })
  expect(add(3)).toEqual({ ...NOTHING, taken: 0, isUnsized: false, unsizedSince: null })
  expect(add(4, { reported: 7 })).toEqual({ ...NOTHING, taken: 7, isUnsized: false, unsizedSince: 2 })
  expect(add(5, { reported: 9 })).toEqual({ ...NOTHING, taken: 2, isUnsized: false, unsizedSince: null })
  expect(add(6)).toEqual({ ...NOTHING, taken: 0, isUnsized: false, unsizedSince: null })
})

test('one that was told at once was never of unknown size', () => {
  const operations = createLogicalOperations()
  expect(operations.add(row({ objects: [4] }))).toEqual({ ...NOTHING, taken: 1, isUnsized: false, unsizedSince: null })
  expect(operations.add(row())).toEqual({ ...NOTHING, taken: 0, isUnsized: false, unsizedSince: null })
})

test('no more operations are followed than the limit', () => {
  const operations = limited({ operations: 50 })
  for (let i = 0; i < 500; i++) operations.add(row({ operation: `op-${i}`, time: i }))
  expect(operations.size).toBe(50)
})

test('no more records are remembered than the limits, and those beyond count as often as they are named', () => {
  const operations = limited({ objects: 25, objectsOfOne: 10 })
  const ids = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i)
  expect(operations.add(row({ objects: ids(0, 12) })).taken).toBe(12)
  expect(operations.add(row({ objects: ids(5, 7) })).taken).toBe(2)
  for (const operation of ['second', 'third']) operations.add(row({ operation, objects: ids(0, 10) }))
  expect(operations.size).toBe(2)
  expect(operations.add(row({ operation: 'second', objects: ids(0, 10) })).taken).toBe(0)
  expect(operations.add(row({ objects: ids(0, 12) })).taken).toBe(12)
})
