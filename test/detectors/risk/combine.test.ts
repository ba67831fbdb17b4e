import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combinedRisk } from '../../../detectors/risk/combine.ts'

const surprises = fc
  .array(fc.double({ min: 0.7, max: 5, noNaN: true }), { minLength: 1, maxLength: 12 })
  .map((list) => list.toSorted((a, b) => b - a))

describe('combined risk', () => {
  it.each([
    [[], 0],
    [[3], 3],
    [[3, 2], 3 + 2 / 2 ** 0.8],
    [[3, 2, 1], 3 + 2 / 2 ** 0.8 + 1 / 3 ** 0.8],
  ])('of %j is %d', (sorted, risk) => {
    expect(combinedRisk(sorted)).toBeCloseTo(risk, 12)
  })

  it('is at least the strongest, at most the sum, and grows with each of the first eight', () => {
    fc.assert(
      fc.property(surprises, fc.nat(7), (sorted, at) => {
        const risk = combinedRisk(sorted)
        expect(risk).toBeGreaterThanOrEqual(sorted[0])
        expect(risk).toBeLessThanOrEqual(sorted.reduce((sum, one) => sum + one, 0) + 1e-9)
        const more = sorted.map((one, i) => (i === at ? one + 0.5 : one)).toSorted((a, b) => b - a)
        if (at < sorted.length) expect(combinedRisk(more)).toBeGreaterThan(risk)
      }),
    )
  })

  it('hears no ninth', () => {
    const eight = Array.from({ length: 8 }, () => 2)
    expect(combinedRisk([...eight, 2])).toBe(combinedRisk(eight))
    expect(combinedRisk(eight)).toBeGreaterThan(combinedRisk(eight.slice(1)))
  })
})
