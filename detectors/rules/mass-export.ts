import { createTestDetector } from './test-detector.ts'

/** Far more records leaving by export, print, download, share, bulk or API read than is usual; one operation counts once. */
export const massExport = createTestDetector('mass-export', 'Mass export of records', {
  'records_taken.10m': 40,
  'records_taken.1h': 40,
  'records_taken.1d': 60,
  'records_taken_peers.1d': 60,
  'portfolio_taken.1d': 60,
  'portfolio_taken_peers.1d': 60,
  'unsized_exports.10m': 3,
  'unsized_exports.1h': 3,
  'unsized_exports.1d': 1,
})
