import { createTestDetector } from './test-detector.ts'

/** Opens far more contacts than are then worked on, in number or as a share: looking through customers instead of serving them. */
export const unworkedViews = createTestDetector('unworked-views', 'Looking through contacts without working on them', {
  'contacts_unworked.1d': 30,
  'contacts_unworked.7d': 50,
  'contacts_unworked_peers.7d': 50,
  'contacts_unworked.28d': 100,
  'contacts_unworked.cusum': 80,
  'contacts_unworked_share.1d': 15,
  'contacts_unworked_share.7d': 30,
  'contacts_unworked_share.28d': 60,
})
