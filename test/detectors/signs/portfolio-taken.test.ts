import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPortfolioTaken } from '../../../detectors/signs/portfolio-taken.ts'

it('comes to the same row by row as at once, for each person apart', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 9_000 }), (rows, portfolio) => {
      const taken = createPortfolioTaken()
      taken.take(1, 77, 3)
      const parts = rows.map((records) => taken.take(0, records, portfolio))
      const whole = rows.reduce((sum, records) => sum + records, 0)
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo((100 * whole) / portfolio, -0.4)
    }),
  )
})

it('begins anew when it is cleared, and stays within what a count is held in', () => {
  const taken = createPortfolioTaken()
  expect([taken.take(7, 1, 200), taken.take(7, 1, 200)]).toEqual([1, 0])
  taken.clear(7)
  taken.clear(99)
  expect(taken.take(7, 50, 200)).toBe(25)
  expect(taken.take(7, 2 ** 31 - 1, 1)).toBe(1_000_000_000 - 25)
  expect(taken.take(7, 2 ** 31 - 1, 1)).toBe(0)
})
