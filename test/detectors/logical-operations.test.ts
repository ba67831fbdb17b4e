import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLogicalOperations } from '../../detectors/windows/logical-operations.ts'

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
        const operations = createLogicalOperations(1_000)
        return rows.reduce((sum, { reported, objects }) => sum + operations.add(1, 'op', 5, reported, objects).grown, 0)
      }
      const ids = new Set(chunks.flatMap(({ objects }) => objects))
      const largest = Math.max(0, ...chunks.map(({ reported }) => reported ?? 0))
      expect(total(chunks)).toBe(Math.max(largest, ids.size))
      expect(total(shuffled)).toBe(total(chunks))
    }),
  )
})

test('the same name is another operation for another actor, and after it was forgotten', () => {
  const operations = createLogicalOperations(1_000)
  expect(operations.add(1, 'op', 0, 10, []).grown).toBe(10)
  expect(operations.add(2, 'op', 0, 10, []).grown).toBe(10)
  expect(operations.add(1, 'op', 500, 10, []).grown).toBe(0)
  operations.add(3, 'other', 2_000, 1, [])
  expect(operations.add(1, 'op', 2_001, 10, []).grown).toBe(10)
})

test('holds no more than its capacity', () => {
  const operations = createLogicalOperations(1_000_000, 50)
  for (let i = 0; i < 500; i++) operations.add(1, `op-${i}`, i, 1, [])
  expect(operations.size).toBeLessThanOrEqual(50)
})
