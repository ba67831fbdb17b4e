import { type Measure, slotOf } from '../../model/measure.ts'

/** Measures whose daily count is followed by a CUSUM for slow harvesting. */
export const CUSUM_MEASURES = [
  'contacts_viewed',
  'contacts_copied',
  'records_taken',
  'contacts_off_hours',
  'contacts_in_order',
  'contacts_unworked',
] as const satisfies readonly Measure[]

/** Their slots of a day. */
export const CUSUM_SLOTS: readonly number[] = CUSUM_MEASURES.map((measure) => slotOf(measure, '1d'))
