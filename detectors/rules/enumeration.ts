import { createTestDetector } from './test-detector.ts'

/** Walks through the customer base: in the order of ids, neighbours of what was just opened, far more often than work leads to; or at an even pace. */
export const enumeration = createTestDetector('enumeration', 'Walking through the base', {
  'contacts_in_order.1h': 8,
  'contacts_in_order.1d': 6,
  'contacts_in_order.cusum': 5,
  'contacts_even.1h': 15,
})
