import { familyOfSlot } from '../baseline/distribution.ts'
import { DAYS_TO_TELL_NEW } from '../baseline/role-priors.ts'
import { TESTS, type Test } from './tests.ts'

/** Days from which on somebody's shares are known, by window. */
const OF_SHARES = { '10m': 14, '1h': 14, '1d': 14, '7d': 28, '28d': 56 } as const
/** The same of operations that most days hold none of, such as exports: how often they come and how large they are. */
const OF_OPERATIONS = { '10m': 28, '1h': 28, '1d': 28, '7d': 35, '28d': 56 } as const

function daysToKnow(test: Test): number {
  const { kind, measure, window, slot } = test
  if (kind === 'share') return OF_SHARES[window] + (measure === 'contacts_new' ? DAYS_TO_TELL_NEW : 0)
  const isOfOperations = familyOfSlot(slot) === 'size' || measure === 'unsized_exports'
  return isOfOperations && kind !== 'cusum' ? OF_OPERATIONS[window] : 0
}

/**
 * By test, the days from a person's first on which its surprises are larger than later ones, because what is usual is
 * mostly assumed, or the role's; 0 of what a few days tell.
 */
export const DAYS_TO_KNOW: readonly number[] = TESTS.map(daysToKnow)
