import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRiskCombiner } from '../../../detectors/risk/combine.ts'
import { TEST_COUNT, TESTS } from '../../../detectors/risk/tests.ts'
import { WEIGHTS, WEIGHTS_BY_WAY, WEIGHTS_WITHOUT_WORK } from '../../../detectors/risk/weights.ts'

const { risk: combinedRisk, parts: partsOfRisk } = createRiskCombiner()

const COPIES = TESTS.findIndex(({ id }) => id === 'contacts_copied.1d')
const PLANTED = TESTS.findIndex(({ id }) => id === 'contacts_planted.1d')

const KNOWN = { isKnown: true, seesWork: true }
const SHARE_UNWORKED = TESTS.findIndex(({ id }) => id === 'contacts_unworked_share.7d')
const VIEWED_BY_PEERS = TESTS.findIndex(({ id }) => id === 'contacts_viewed_peers.7d')

/** Calibrated surprises by test; 0 where none is given. */
const surprises = (of: Readonly<Record<number, number>>): Float32Array =>
  Float32Array.from({ length: TEST_COUNT }, (_, t) => of[t] ?? 0)
const anyDay = fc
  .array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: TEST_COUNT, maxLength: TEST_COUNT })
  .map((list) => Float32Array.from(list))

describe('combined risk', () => {
  it('of nothing surprising is nothing', () => {
    expect(combinedRisk(surprises({}), 0, KNOWN)).toBe(0)
  })

  it('is the weighted sum where the weights foresee a test', () => {
    expect(combinedRisk(surprises({ [PLANTED]: 4 }), 0, KNOWN)).toBeCloseTo(4 * WEIGHTS[PLANTED], 12)
  })

  it('is the sum by a way of stealing where the tests that tell it from all else speak, but not before the tenant is known', () => {
    for (const weights of WEIGHTS_BY_WAY) {
      const day = Float32Array.from(weights, (weight, t) => (weight > WEIGHTS[t] ? 3 : 0))
      const alone = weights.reduce((sum, weight, t) => sum + day[t] * weight, 0)
      expect(combinedRisk(day, 0, KNOWN)).toBeCloseTo(alone, 12)
      expect(alone).toBeGreaterThan(day.reduce((sum, surprise, t) => sum + surprise * WEIGHTS[t], 0))
      for (const [t, part] of partsOfRisk(day, 0, KNOWN).entries())
        expect(part).toBeCloseTo((day[t] * weights[t]) / alone, 12)
      expect(combinedRisk(day, 0, { ...KNOWN, isKnown: false })).toBeLessThan(alone)
    }
  })

  it('goes by weights of their own where no work is seen', () => {
    const day = surprises({ [VIEWED_BY_PEERS]: 4 })
    const unseen = { ...KNOWN, seesWork: false }
    expect(combinedRisk(day, 0, unseen)).toBeCloseTo(4 * WEIGHTS_WITHOUT_WORK[VIEWED_BY_PEERS], 12)
    expect(partsOfRisk(day, 0, unseen)[VIEWED_BY_PEERS]).toBe(1)
    expect(WEIGHTS_WITHOUT_WORK[VIEWED_BY_PEERS]).toBeGreaterThan(WEIGHTS[VIEWED_BY_PEERS])
    expect(WEIGHTS_WITHOUT_WORK[SHARE_UNWORKED]).toBeLessThan(WEIGHTS[SHARE_UNWORKED])
  })

  it('takes tests as equals where the weights make little of them: the i-th divided by i^0.8', () => {
    expect(combinedRisk(surprises({ [COPIES]: 3, [COPIES + 1]: 2 }), 0, KNOWN)).toBeCloseTo(3 + 2 / 2 ** 0.8, 12)
  })

  it('is made up of parts that are 1 together, the greater of two tests having the greater one', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const parts = partsOfRisk(day, 0, KNOWN)
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(combinedRisk(day, 0, KNOWN) > 0 ? 1 : 0, 9)
      }),
    )
    const parts = partsOfRisk(surprises({ [COPIES]: 3, [COPIES + 1]: 2 }), 0, KNOWN)
    expect(parts[COPIES]).toBeCloseTo(3 / (3 + 2 / 2 ** 0.8), 12)
    expect(parts[COPIES + 1]).toBeCloseTo(1 - parts[COPIES], 12)
    expect(partsOfRisk(surprises({ [PLANTED]: 4 }), 0, KNOWN)[PLANTED]).toBe(1)
  })

  it('never falls when a test becomes more surprising, and stays finite', () => {
    fc.assert(
      fc.property(anyDay, fc.nat(TEST_COUNT - 1), (day, t) => {
        const more = day.slice()
        more[t] += 0.5
        expect(Number.isFinite(combinedRisk(day, 0, KNOWN))).toBe(true)
        expect(combinedRisk(more, 0, KNOWN)).toBeGreaterThanOrEqual(combinedRisk(day, 0, KNOWN) - 1e-9)
      }),
    )
  })

  it('leaves what it is given as it was', () => {
    const day = surprises({ [COPIES]: 3, [PLANTED]: 1 })
    combinedRisk(day, 0, KNOWN)
    expect(day).toEqual(surprises({ [COPIES]: 3, [PLANTED]: 1 }))
  })
})

describe('weights', () => {
  it('are one of each test, none of them negative', () => {
    for (const weights of [WEIGHTS, WEIGHTS_WITHOUT_WORK]) {
      expect(weights).toHaveLength(TEST_COUNT)
      for (const weight of weights) expect(weight).toBeGreaterThan(0)
    }
  })
})
