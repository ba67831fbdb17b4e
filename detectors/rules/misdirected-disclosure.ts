import { createTestDetector } from './test-detector.ts'

/** Far more people's records sent to somebody in a day than such sendings of the person and the role ever hold. */
export const misdirectedDisclosure = createTestDetector('misdirected-disclosure', 'Many people’s records sent out', {
  'records_shared.1d': 30,
  'records_shared_peers.1d': 30,
})
