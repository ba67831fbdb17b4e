import { createTestDetector } from './test-detector.ts'

/** Opens or copies contacts at hours of the week at which this person does not work. */
export const afterHours = createTestDetector('after-hours', 'Work outside the usual hours', {
  'contacts_off_hours.1d': 8,
  'contacts_off_hours.cusum': 12,
})
