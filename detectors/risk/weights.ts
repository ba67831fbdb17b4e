import { TESTS } from './tests.ts'

/** Weight of a test that is named below nowhere: it is told of, but hardly moves the risk. */
const SLIGHT = 0.05

/**
 * How much a test's calibrated surprise says of theft once all the others are heard: logistic regressions with weights of 0
 * or more, on companies of six simulators with other roles, volumes, habits and oddities, of which some had their
 * changes, copies, owners, addresses or the order of ids left out, as many CRMs do, or thieves who go on changing what
 * they look at; averaged with those of the versions before and rounded. Shares and long windows weigh more than a day's
 * volume, which a busy day moves too, and what says the same as another test weighs little. Copying weighs little here:
 * thieves who only look would take it away.
 */
const WEIGHT: Readonly<Record<string, number>> = {
  'contacts_viewed.10m': 0.95,
  'contacts_viewed.1h': 0.1,
  'contacts_viewed.28d': 0.35,
  'contacts_copied.10m': 0.1,
  'contacts_copied.7d': 0.2,
  'contacts_copied.28d': 0.1,
  'records_taken.10m': 0.4,
  'records_taken.1h': 1.1,
  'records_taken.1d': 0.35,
  'records_listed.10m': 0.3,
  'records_listed.1h': 0.85,
  'records_listed.1d': 0.1,
  'unsized_exports.1d': 1.35,
  'contacts_new.28d': 0.1,
  'contacts_off_hours.1d': 0.5,
  'contacts_copied_share.1d': 0.1,
  'contacts_copied_share.7d': 0.95,
  'contacts_copied_share.28d': 0.45,
  'contacts_foreign_share.1d': 0.15,
  'contacts_foreign_share.7d': 0.15,
  'contacts_foreign_share.28d': 0.15,
  'contacts_new_share.1d': 0.15,
  'contacts_viewed.cusum': 0.35,
  'contacts_copied.cusum': 0.1,
  'records_taken.cusum': 0.1,
  'contacts_off_hours.cusum': 0.85,
  'contacts_in_order.cusum': 1.05,
  'contacts_in_order.1d': 0.2,
  'records_new_place.1h': 0.75,
  'contacts_unworked.7d': 0.1,
  'contacts_unworked.28d': 0.45,
  'contacts_unworked_share.1d': 1.45,
  'contacts_unworked_share.7d': 1.55,
  'contacts_unworked_share.28d': 1.45,
  'contacts_unworked.cusum': 0.2,
  'records_taken_peers.1d': 0.3,
  'records_taken_peers.7d': 0.15,
  'contacts_viewed_peers.7d': 0.4,
  'contacts_unworked_peers.7d': 0.35,
  'records_elsewhere.1d': 1.8,
  'contacts_planted.1d': 2.45,
  'records_shared.1d': 0.35,
  'records_shared_peers.1d': 0.4,
  'contacts_viewed_peers.28d': 0.65,
  'records_taken_peers.28d': 0.75,
  'records_new_way.1d': 0.65,
  'records_cleared.1d': 0.35,
  'contacts_even.1h': 0.9,
  'contacts_unworked_team.7d': 0.1,
  'portfolio_taken.1d': 0.25,
  'portfolio_taken_peers.1d': 0.5,
}

/**
 * The same of people who are not seen to work on what they open: of whom no changes (`update`, `delete`) are logged, and
 * who do not come back to contacts either, so that nothing tells what they only looked at. Fitted on the same companies
 * with both left out.
 */
const WEIGHT_WITHOUT_WORK: Readonly<Record<string, number>> = {
  'contacts_viewed.10m': 1.1,
  'contacts_viewed.1h': 0.3,
  'contacts_viewed.7d': 0.45,
  'contacts_viewed.28d': 0.7,
  'contacts_copied.10m': 0.25,
  'contacts_copied.1h': 0.1,
  'contacts_copied.1d': 0.1,
  'contacts_copied.7d': 0.1,
  'records_taken.10m': 0.2,
  'records_taken.1h': 0.45,
  'records_taken.1d': 0.4,
  'records_taken.7d': 0.1,
  'records_taken.28d': 0.1,
  'records_listed.10m': 0.1,
  'records_listed.1h': 0.35,
  'records_listed.1d': 0.1,
  'unsized_exports.1d': 0.6,
  'contacts_foreign.1d': 0.1,
  'contacts_foreign.7d': 0.1,
  'contacts_new.28d': 0.1,
  'contacts_off_hours.1d': 0.6,
  'contacts_copied_share.1d': 0.2,
  'contacts_copied_share.7d': 0.55,
  'contacts_copied_share.28d': 0.4,
  'contacts_foreign_share.1d': 0.35,
  'contacts_foreign_share.7d': 0.6,
  'contacts_foreign_share.28d': 0.4,
  'contacts_new_share.1d': 0.7,
  'contacts_new_share.7d': 0.2,
  'contacts_viewed.cusum': 1.3,
  'records_taken.cusum': 0.2,
  'contacts_off_hours.cusum': 0.25,
  'contacts_in_order.cusum': 0.35,
  'contacts_in_order.1d': 0.35,
  'records_new_place.1h': 0.45,
  'records_taken_peers.1d': 0.2,
  'records_taken_peers.7d': 0.35,
  'contacts_viewed_peers.1d': 0.1,
  'contacts_viewed_peers.7d': 1.2,
  'records_elsewhere.1d': 1.5,
  'contacts_planted.1d': 2.35,
  'records_shared.1d': 0.25,
  'records_shared_peers.1d': 0.4,
  'contacts_viewed_peers.28d': 0.55,
  'records_taken_peers.28d': 0.6,
  'records_new_way.1d': 0.3,
  'records_cleared.1d': 0.6,
  'records_on_leave.1d': 0.1,
  'contacts_even.1h': 0.95,
  'contacts_unworked_team.7d': 0.55,
  'portfolio_taken.1d': 0.25,
  'portfolio_taken_peers.1d': 0.4,
}

function byTest(weights: Readonly<Record<string, number>>, other: number): Float64Array {
  const unknown = Object.keys(weights).find((id) => !TESTS.some((test) => test.id === id))
  if (unknown !== undefined) throw new Error(`there is a weight for a test that there is not: ${unknown}`)
  return Float64Array.from(TESTS, ({ id }) => weights[id] ?? other)
}

/** By test. */
export const WEIGHTS: Float64Array = byTest(WEIGHT, SLIGHT)
export const WEIGHTS_WITHOUT_WORK: Float64Array = byTest(WEIGHT_WITHOUT_WORK, SLIGHT)

/**
 * A theft may show in few of the tests: an export, or a walk through the ids at the usual pace, hardly moves a sum over
 * all of them, and its cut is set by busy days, which move many. So each way of stealing has a sum of its own, by the
 * tests in which it shows, here with their weights: a logistic regression of the days of such thefts against honest
 * ones, with weights of 0 or more and one constant for all ways, pooled over the same companies. Scaled so that equal
 * odds give equal risks, that of the sum over all tests too; then those of taking out and of sharing raised by a seventh,
 * since an export takes everything at once, which costs hardly any other theft its alert; and rounded. Of exports that
 * tell no size the weight is what lets several in a day be reported where no export tells one, as in many CRMs' logs.
 */
export const BY_WAY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'taking out': {
    'unsized_exports.1d': 3,
    'records_taken.1d': 0.9,
    'records_taken.7d': 0.8,
    'records_taken_peers.1d': 0.7,
    'records_taken_peers.7d': 0.7,
    'records_taken.1h': 0.6,
    'records_taken_peers.28d': 0.5,
    'records_new_way.1d': 0.5,
    'records_taken.10m': 0.4,
    'portfolio_taken.1d': 0.4,
    'portfolio_taken_peers.1d': 0.4,
    'records_taken.28d': 0.3,
    'records_taken.cusum': 0.3,
    'records_cleared.1d': 0.3,
    'contacts_copied.1d': 0.2,
    'contacts_copied_share.1d': 0.2,
  },
  copying: {
    'contacts_copied_share.7d': 2.2,
    'contacts_copied_share.1d': 1.2,
    'contacts_copied.28d': 0.6,
    'contacts_copied.cusum': 0.6,
    'contacts_foreign_share.28d': 0.5,
    'contacts_copied_share.28d': 0.3,
  },
  sharing: {
    'records_shared.1d': 1.2,
    'records_shared_peers.1d': 1.2,
    'records_taken_peers.28d': 0.65,
    'records_taken_peers.1d': 0.6,
    'records_taken.1d': 0.5,
    'records_taken.1h': 0.4,
    'records_taken_peers.7d': 0.3,
    'records_taken.10m': 0.2,
    'records_taken.7d': 0.2,
    'records_new_way.1d': 0.2,
  },
  'walking through the ids': {
    'contacts_in_order.cusum': 2.5,
    'contacts_unworked_share.7d': 1.9,
    'contacts_even.1h': 1,
    'contacts_unworked_share.28d': 0.7,
    'contacts_copied_share.28d': 0.5,
    'contacts_in_order.1d': 0.5,
    'contacts_foreign_share.7d': 0.4,
    'contacts_viewed.10m': 0.3,
    'contacts_unworked_share.1d': 0.3,
    'contacts_foreign_share.28d': 0.2,
  },
  'from another place': {
    'records_elsewhere.1d': 2.4,
    'records_new_place.1h': 1.4,
    'contacts_viewed.10m': 0.8,
    'contacts_viewed.1h': 0.8,
    'records_taken.1h': 0.7,
    'records_new_place.1d': 0.7,
    'records_taken.10m': 0.3,
    'records_taken.1d': 0.3,
    'records_new_way.1d': 1.6,
    'records_taken_peers.28d': 0.2,
    'records_on_leave.1d': 0.2,
  },
  'other people’s customers': {
    'contacts_foreign_share.7d': 0.9,
    'contacts_unworked_share.7d': 0.7,
    'contacts_foreign_share.1d': 0.5,
    'contacts_foreign_share.28d': 0.5,
    'contacts_new_share.1d': 0.5,
    'contacts_unworked_share.1d': 0.5,
    'contacts_viewed.cusum': 0.4,
    'contacts_viewed_peers.7d': 0.4,
    'contacts_unworked_peers.7d': 0.4,
    'contacts_unworked_share.28d': 0.3,
    'contacts_viewed.28d': 0.2,
    'contacts_copied.1h': 0.2,
    'contacts_new_share.7d': 0.2,
    'contacts_unworked_team.7d': 0.2,
  },
}

/** By way of stealing: each test's weight in its sum, 0 for all others. */
export const WEIGHTS_BY_WAY: readonly Float64Array[] = Object.values(BY_WAY).map((weights) => byTest(weights, 0))
