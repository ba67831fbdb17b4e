import { createTestDetector } from './test-detector.ts'

/** One account at two places at once: read from an address that is new to it, between uses of the usual one. */
export const sharedAccount = createTestDetector('shared-account', 'One account at two places at once', {
  'records_elsewhere.1d': 20,
})
