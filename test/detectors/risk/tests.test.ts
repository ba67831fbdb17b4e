import { expect, test } from 'vitest'
import { TESTS } from '../../../detectors/risk/tests.ts'
import { MEASURE_WINDOWS } from '../../../model/measure.ts'

test.each(TESTS.map((one) => [one.id, one] as const))('%s asks about what is counted', (_, { measure, window }) => {
  expect(MEASURE_WINDOWS[measure]).toContain(window)
})
