import { createTestDetector } from './test-detector.ts'

/** One account at two places at once: read from an address that is new to it, between uses of the usual one; or in use while its owner is on leave. */
export const sharedAccount = createTestDetector('shared-account', 'Account used beside or without its owner', {
  'records_elsewhere.1d': 20,
  'records_on_leave.1d': 15,
})
