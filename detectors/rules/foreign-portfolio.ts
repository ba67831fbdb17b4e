import { createTestDetector } from './test-detector.ts'

/** Opens or copies other people's customers, in number or as a share of all, beyond what covering for colleagues explains. */
export const foreignPortfolio = createTestDetector('foreign-portfolio', 'Other people’s customers', {
  'contacts_foreign.1d': 12,
  'contacts_foreign.7d': 25,
  'contacts_foreign.28d': 50,
  'contacts_foreign_share.1d': 8,
  'contacts_foreign_share.7d': 15,
  'contacts_foreign_share.28d': 30,
})
