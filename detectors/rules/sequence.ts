import { createTestDetector } from './test-detector.ts'

/** Within a day: found by lists or searches, taken out, then changed or deleted. */
export const sequence = createTestDetector('sequence', 'Taken out, then changed or deleted', {
  'records_cleared.1d': 15,
})
