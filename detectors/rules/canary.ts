import { createTestDetector } from './test-detector.ts'

/** Touches contacts that were planted to be touched by nobody (`canary.contacts` in the configuration). */
export const canary = createTestDetector('canary', 'Planted contacts touched', {
  'contacts_planted.1d': 1,
})
