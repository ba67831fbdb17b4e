import type { Measure } from '../../model/measure.ts'
import { TESTS } from './tests.ts'

/** Weight of a test that is named below nowhere: it is told of, but hardly moves the risk. */
const SLIGHT = 0.05

/**
 * How much a test's calibrated surprise says of theft once all the others are heard. Half-way between two fits of a
 * logistic regression with weights of 0 or more: on simulated companies of which some had their changes, copies, owners,
 * addresses or the order of ids left out, as many CRMs do; and on those together with companies of another simulator,
 * with other roles, volumes, habits and oddities. Then rounded. Shares and long windows weigh more than a day's volume,
 * which a busy day moves too, and what says the same as another test weighs little. Copying keeps the weight of the
 * first fit: thieves who only look would take it away. What is taken for the size of one's portfolio came later; between
 * 0.3 and 0.7 its weight makes no difference.
 */
const WEIGHT: Readonly<Record<string, number>> = {
  'contacts_viewed.10m': 1.3,
  'contacts_viewed.1h': 0.4,
  'contacts_viewed.7d': 0.25,
  'contacts_viewed_peers.28d': 0.4,
  'contacts_unworked.7d': 0.4,
  'contacts_unworked.28d': 0.85,
  'contacts_unworked.cusum': 0.65,
  'contacts_unworked_peers.7d': 0.9,
  'contacts_unworked_team.7d': 0.1,
  'contacts_unworked_share.1d': 0.6,
  'contacts_unworked_share.7d': 1.8,
  'contacts_unworked_share.28d': 1.4,
  'contacts_copied.10m': 0.1,
  'contacts_copied_share.1d': 0.25,
  'contacts_copied_share.7d': 0.3,
  'contacts_copied_share.28d': 0.1,
  'records_taken.1d': 0.1,
  'records_taken.7d': 0.4,
  'records_taken.28d': 0.3,
  'records_taken.cusum': 0.55,
  'records_taken_peers.1d': 0.65,
  'records_taken_peers.7d': 1.05,
  'records_taken_peers.28d': 1.25,
  'portfolio_taken.1d': 0.3,
  'portfolio_taken_peers.1d': 0.3,
  'records_listed.10m': 0.1,
  'records_listed.1h': 0.4,
  'records_listed.1d': 0.35,
  'unsized_exports.1d': 1.5,
  'contacts_foreign.1d': 0.2,
  'contacts_foreign.7d': 0.15,
  'contacts_foreign_share.1d': 0.1,
  'contacts_foreign_share.7d': 0.45,
  'contacts_new_share.1d': 0.35,
  'contacts_new_share.7d': 0.55,
  'contacts_off_hours.1d': 0.8,
  'contacts_in_order.1d': 1,
  'contacts_in_order.cusum': 0.5,
  'contacts_even.1h': 0.5,
  'records_new_place.1h': 0.25,
  'records_elsewhere.1d': 2.4,
  'records_new_way.1d': 0.45,
  'records_cleared.1d': 0.6,
  'records_on_leave.1d': 0.35,
  'contacts_planted.1d': 2.35,
  'records_shared.1d': 0.2,
  'records_shared_peers.1d': 0.4,
}

/** By test. */
export const WEIGHTS: Float64Array = Float64Array.from(TESTS, ({ id }) => WEIGHT[id] ?? SLIGHT)

/**
 * A theft may show in one way alone: an export, or copying more of what is opened anyway, moves few of the tests, and
 * their sum would seldom reach a cut that was set by busy days, which move many. So the sum over those measures by
 * themselves counts as well, so many times as found the most thefts at the default budget on the same companies.
 */
const ALONE: readonly { readonly of: readonly Measure[]; readonly times: number }[] = [
  { of: ['records_taken', 'portfolio_taken', 'records_new_way', 'records_cleared'], times: 1.4 },
  { of: ['contacts_copied'], times: 5 },
]

/** By what may show alone: each test's weight in its sum, 0 for all others. */
export const WEIGHTS_ALONE: readonly Float64Array[] = ALONE.map(({ of, times }) =>
  WEIGHTS.map((weight, t) => (of.includes(TESTS[t].measure) ? times * weight : 0)),
)
