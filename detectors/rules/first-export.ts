import { createTestDetector } from './test-detector.ts'

/** Records reached in a way that the account has never used before: a first export, a first use of the API, a new kind of object. */
export const firstExport = createTestDetector('first-export', 'Records reached in a new way', {
  'records_new_way.1d': 20,
})
