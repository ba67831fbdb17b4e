import { createCountDetector } from './count-detector.ts'

/** Far more records leaving by export, print, download, share, bulk or API read than is usual; one operation counts once. */
export const massExport = createCountDetector('mass-export', 'Mass export of records', {
  records_taken: { '10m': 50, '1h': 60, '1d': 100 },
  unsized_exports: { '10m': 3, '1h': 3, '1d': 4 },
})
