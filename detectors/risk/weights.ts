import { TESTS } from './tests.ts'

/** Weight of a test that is named below nowhere: it is told of, but hardly moves the risk. */
const SLIGHT = 0.05

/**
 * How much a test's calibrated surprise says of theft once all the others are heard. Fitted as a logistic regression
 * with weights of 0 or more on simulated companies, of which some had their changes, copies, owners, addresses or the
 * order of ids left out, as many CRMs do, and some other roles, volumes and habits; then rounded, and drawn towards even
 * weights between the windows of one measure, and between measures that another company's thieves may prefer. Shares
 * weigh more than volumes, which a busy day moves too, and what says the same as another test weighs little.
 */
const WEIGHT: Readonly<Record<string, number>> = {
  'contacts_viewed.10m': 1.2,
  'contacts_viewed.1h': 0.7,
  'contacts_viewed.1d': 0.05,
  'contacts_viewed.7d': 0.15,
  'contacts_viewed.28d': 0.1,
  'contacts_viewed.cusum': 0.1,
  'contacts_viewed_peers.1d': 0.1,
  'contacts_viewed_peers.7d': 0.1,
  'contacts_viewed_peers.28d': 0.2,
  'contacts_unworked.1d': 0.1,
  'contacts_unworked.7d': 0.15,
  'contacts_unworked.28d': 0.4,
  'contacts_unworked.cusum': 0.2,
  'contacts_unworked_peers.7d': 0.8,
  'contacts_unworked_team.7d': 0.15,
  'contacts_unworked_share.1d': 0.7,
  'contacts_unworked_share.7d': 0.7,
  'contacts_unworked_share.28d': 0.7,
  'contacts_copied.10m': 0.1,
  'contacts_copied_share.1d': 0.25,
  'contacts_copied_share.7d': 0.3,
  'contacts_copied_share.28d': 0.1,
  'records_taken.10m': 0.1,
  'records_taken.1h': 0.1,
  'records_taken.1d': 0.25,
  'records_taken.7d': 0.1,
  'records_taken.28d': 0.6,
  'records_taken.cusum': 0.1,
  'records_taken_peers.1d': 1.1,
  'records_taken_peers.7d': 0.5,
  'records_taken_peers.28d': 0.2,
  'records_listed.10m': 0.15,
  'records_listed.1h': 0.1,
  'records_listed.1d': 0.15,
  'unsized_exports.1d': 1.7,
  'contacts_foreign.1d': 0.4,
  'contacts_foreign.7d': 0.15,
  'contacts_foreign_share.1d': 0.2,
  'contacts_foreign_share.7d': 0.15,
  'contacts_new_share.1d': 0.7,
  'contacts_off_hours.1d': 0.7,
  'contacts_in_order.1d': 1,
  'contacts_in_order.1h': 0.1,
  'contacts_in_order.cusum': 0.1,
  'contacts_even.1h': 0.1,
  'records_new_place.1h': 0.2,
  'records_new_place.1d': 0.1,
  'records_elsewhere.1d': 2,
  'records_new_way.1d': 0.3,
  'records_cleared.1d': 0.6,
  'records_on_leave.1d': 0.5,
  'contacts_planted.1d': 2.2,
  'records_shared.1d': 0.2,
  'records_shared_peers.1d': 0.4,
}

/** By test. */
export const WEIGHTS: Float64Array = Float64Array.from(TESTS, ({ id }) => WEIGHT[id] ?? SLIGHT)
