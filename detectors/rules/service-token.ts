import { createTestDetector } from './test-detector.ts'

/** Records read from an address that the account, of a person or of an integration, has not used before. */
export const serviceToken = createTestDetector('service-token', 'Account used from a new place', {
  'records_new_place.1h': 20,
  'records_new_place.1d': 25,
})
