import { createTestDetector } from './test-detector.ts'

/**
 * A harvest spread thin: seven and twenty-eight days of distinct contacts or records taken out against their own
 * baselines, contacts never touched in the four weeks before, and the CUSUM of daily residuals, which sees a small rise
 * that lasts.
 */
export const slowHarvest = createTestDetector('slow-harvest', 'Slow harvesting over days and weeks', {
  'contacts_viewed.7d': 60,
  'contacts_viewed.28d': 120,
  'contacts_viewed_peers.7d': 60,
  'contacts_copied.7d': 25,
  'contacts_copied.28d': 40,
  'records_taken.7d': 80,
  'records_taken.28d': 120,
  'records_taken_peers.7d': 80,
  'records_taken_peers.28d': 200,
  'unsized_exports.7d': 4,
  'contacts_new.7d': 40,
  'contacts_new.28d': 80,
  'contacts_new_share.7d': 25,
  'contacts_viewed.cusum': 100,
  'contacts_copied.cusum': 40,
  'records_taken.cusum': 100,
})
