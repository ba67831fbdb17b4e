import { createTestDetector } from './test-detector.ts'

/** Copies a far larger share of the contacts opened than is this person's habit, at whatever volume. */
export const copyRatio = createTestDetector('copy-ratio', 'Copying more of what is opened', {
  'contacts_copied_share.1d': 8,
  'contacts_copied_share.7d': 15,
  'contacts_copied_share.28d': 30,
})
