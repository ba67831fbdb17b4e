import { createTestDetector } from './test-detector.ts'

/** Far more contacts' details copied (clipboard, click-to-reveal) than this person and their role's peers do. */
export const massCopy = createTestDetector('mass-copy', 'Mass copying of contact details', {
  'contacts_copied.10m': 8,
  'contacts_copied.1h': 10,
  'contacts_copied.1d': 15,
})
