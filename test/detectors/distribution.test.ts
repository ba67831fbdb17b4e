import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Distribution, expectedOf, tailLog10, tailQuantile } from '../../detectors/baseline/distribution.ts'

/** P(X >= count) of a negative binomial by adding up its probabilities. */
function summedTail(count: number, mean: number, dispersion: number): number {
  const k = 1 / dispersion
  const p = k / (k + mean)
  let probability = p ** k
  let below = 0
  for (let i = 0; i < count; i++) {
    below += probability
    probability *= ((i + k) / (i + 1)) * (1 - p)
  }
  return 1 - below
}

const counts = fc.record({
  family: fc.constant('count' as const),
  mean: fc.double({ min: 0.02, max: 500, noNaN: true }),
  dispersion: fc.double({ min: 0.05, max: 4, noNaN: true }),
})
const sizes = fc.record({
  family: fc.constant('size' as const),
  rate: fc.double({ min: 0.001, max: 1, noNaN: true }),
  logMean: fc.double({ min: 0, max: 9, noNaN: true }),
  logSd: fc.double({ min: 0.2, max: 3, noNaN: true }),
  least: fc.integer({ min: 1, max: 60 }),
})
const anyDistribution: fc.Arbitrary<Distribution> = fc.oneof(counts, sizes)

describe('the tail of counts', () => {
  test('equals the summed probabilities of the negative binomial', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 300 }), (distribution, count) => {
        const exact = summedTail(count, distribution.mean, distribution.dispersion)
        fc.pre(exact > 1e-9)
        expect(10 ** tailLog10(distribution, count) / exact).toBeCloseTo(1, 5)
      }),
    )
  })

  test('keeps its digits far out, where the probability itself has none', () => {
    const geometric: Distribution = { family: 'count', mean: 35, dispersion: 1 }
    expect(tailLog10(geometric, 100_000)).toBeCloseTo(100_000 * Math.log10(35 / 36), 3)
  })

  test('tends to the Poisson distribution without dispersion', () => {
    expect(tailLog10({ family: 'count', mean: 5, dispersion: 0 }, 20)).toBeCloseTo(-6.4619, 3)
  })
})

describe('the tail of sizes', () => {
  test.each([
    [0, 0],
    [100, Math.log10(0.1 * 0.5)],
    [100 * Math.E ** 1.959963985, Math.log10(0.1 * 0.025)],
    [100 * Math.E ** 6, Math.log10(0.1 * 9.865876e-10)],
  ])('a size of %f', (size, expected) => {
    expect(tailLog10({ family: 'size', rate: 0.1, logMean: Math.log(100), logSd: 1, least: 1 }, size)).toBeCloseTo(
      expected,
      2,
    )
  })
})

test('a larger count is never likelier, and the limit is the first count at or below the cut', () => {
  fc.assert(
    fc.property(anyDistribution, fc.double({ min: -8, max: -1, noNaN: true }), (distribution, cut) => {
      const limit = tailQuantile(distribution, cut)
      expect(tailLog10(distribution, limit)).toBeLessThanOrEqual(cut)
      if (limit > 1) expect(tailLog10(distribution, limit - 1)).toBeGreaterThan(cut)
      expect(tailLog10(distribution, limit + 1)).toBeLessThanOrEqual(tailLog10(distribution, limit))
      expect(expectedOf(distribution)).toBeGreaterThan(0)
    }),
  )
})
