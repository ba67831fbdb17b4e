import { createCountDetector } from './count-detector.ts'

/** Far more different contacts opened, or records listed, than this person and their role's peers do. */
export const massView = createCountDetector('mass-view', 'Mass viewing of contacts', {
  contacts_viewed: { '10m': 25, '1h': 45, '1d': 80 },
  records_listed: { '10m': 600, '1h': 1_200, '1d': 3_000 },
})
