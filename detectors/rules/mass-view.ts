import { createTestDetector } from './test-detector.ts'

/** Far more different contacts opened, or records listed, than this person and their role's peers do. */
export const massView = createTestDetector('mass-view', 'Mass viewing of contacts', {
  'contacts_viewed.10m': 15,
  'contacts_viewed.1h': 25,
  'contacts_viewed.1d': 40,
  'contacts_viewed_peers.1d': 40,
  'contacts_new.1d': 15,
  'contacts_new_share.1d': 12,
  'records_listed.10m': 500,
  'records_listed.1h': 1_000,
  'records_listed.1d': 2_000,
})
