import type { Contribution } from '../model/alert.ts'
import type { Activity } from './detector.ts'
import { TESTS, type Test } from './risk/tests.ts'

/** Smaller parts say nothing to a person. */
const LEAST_PART = 0.01
const MOST = 10

/** What makes up the day's risk, the largest part first; `parts` by test. Lesser signs are left out. */
export function rankContributions(activity: Activity, parts: Float64Array): Contribution[] {
  return TESTS.map((test, t) => ({ test, part: parts[t] }))
    .filter(({ part }) => part >= LEAST_PART)
    .sort((a, b) => b.part - a.part || a.test.id.localeCompare(b.test.id))
    .slice(0, MOST)
    .map(({ test, part }) => contributionOf(activity, test, part))
}

function contributionOf(activity: Activity, test: Test, part: number): Contribution {
  return {
    test: test.id,
    kind: test.kind,
    measure: test.measure,
    window: test.window,
    ...comparisonOf(activity, test),
    ...shareOf(activity, test),
    weight: round(activity.surprise(test.id)),
    // Rounded down, so that all parts together never make more than 1.
    part: Math.floor(part * 1_000) / 1_000,
  }
}

/** Of a share, which tells people more than the counts behind it, what was compared. */
function shareOf(activity: Activity, test: Test): Pick<Contribution, 'share'> {
  if (test.kind !== 'share') return {}
  const { among, seen, expected, expectedPeers } = activity.share(test.id)
  const share = { among, seen: fine(seen), expected: fine(expected), expected_peers: fine(expectedPeers) }
  return { share }
}

/** What a test saw and what is usual, as counts of its measure in its window. */
export function comparisonOf(activity: Activity, test: Test) {
  const count = activity.seen(test.id)
  if (test.kind === 'share') {
    const { seen, expected, expectedPeers } = activity.share(test.id)
    const among = seen > 0 ? count / seen : 0
    return { observed: count, expected: round(expected * among), expected_peers: round(expectedPeers * among) }
  }
  const { expected, expectedPeers } = activity.baseline(test.measure, test.window)
  // A CUSUM looks at the count of a day, but what tells people something is the sum of the days.
  const observed = test.kind === 'cusum' ? activity.count(test.measure, test.window) : count
  return { observed, expected: round(expected), expected_peers: round(expectedPeers) }
}

/** To four decimals: hundredths of a percent. */
const fine = (share: number): number => Math.round(share * 10_000) / 10_000

/** To two decimals, as numbers are shown. */
export const round = (value: number): number => Math.round(value * 100) / 100
