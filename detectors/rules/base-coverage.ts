import { createTestDetector } from './test-detector.ts'

/**
 * A large part of the whole base in four weeks: different contacts opened, or records taken out, against what anybody
 * of the role reaches. The base is the same for all, so its share ranks people as the count does.
 */
export const baseCoverage = createTestDetector('base-coverage', 'Large part of the customer base', {
  'contacts_viewed_peers.28d': 400,
  'records_taken_peers.28d': 500,
})
