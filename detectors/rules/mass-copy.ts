import { createCountDetector } from './count-detector.ts'

/** Far more contacts' details copied (clipboard, click-to-reveal) than this person and their role's peers do. */
export const massCopy = createCountDetector('mass-copy', 'Mass copying of contact details', {
  contacts_copied: { '10m': 12, '1h': 18, '1d': 25 },
})
