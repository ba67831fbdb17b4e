import { describe, expect, it } from 'vitest'
import { basisOf } from '../../../detectors/risk/calibration-basis.ts'

describe('what a calibration rests on', () => {
  it.each([
    [0, 0, 'prior'],
    [0, 0.5, 'tenant'],
    [999.9, 40_000, 'tenant'],
    [1_000, 40_000, 'own'],
    [1_000, 1_000, 'own'],
  ])('is, with %d person-days of the role and %d of the tenant, %s', (own, tenant, basis) => {
    expect(basisOf({ riskDays: { own, tenant } })).toBe(basis)
  })
})
