import type { Contribution } from '../model/alert.ts'
import type { Activity, Baseline } from './detector.ts'
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
    ...(test.kind === 'cusum' ? riseOf(activity, test) : { window: test.window, ...comparisonOf(activity, test) }),
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
  const hasHistory = activity.baseline(test.measure, test.window).days > 0
  const share = {
    among,
    seen: fine(seen),
    expected: hasHistory ? fine(expected) : null,
    expected_peers: fine(expectedPeers),
  }
  return { share }
}

/** Of a CUSUM the day that it judged; where that is no more than usual so far, the sum of the days behind it. */
function riseOf(activity: Activity, test: Extract<Test, { kind: 'cusum' }>) {
  const usual = activity.baseline(test.measure, '1d')
  const observed = activity.seen(test.id)
  const sum = comparisonOf(activity, test)
  if (observed <= usual.expected && sum.observed > (sum.expected ?? 0)) return { window: test.window, ...sum }
  return { window: '1d' as const, observed, ...usualOf(usual) }
}

/** What a test saw and what is usual, as counts of its measure in its window. */
export function comparisonOf(activity: Activity, test: Test) {
  const count = activity.seen(test.id)
  if (test.kind === 'share') {
    const { seen, expected, expectedPeers } = activity.share(test.id)
    const among = seen > 0 ? count / seen : 0
    const { days } = activity.baseline(test.measure, test.window)
    return {
      observed: count,
      ...usualOf({ expected: expected * among, expectedPeers: expectedPeers * among, days }),
    }
  }
  // A CUSUM looks at the count of a day, but what tells people something is the sum of the days.
  const observed = test.kind === 'cusum' ? activity.count(test.measure, test.window) : count
  return { observed, ...usualOf(activity.baseline(test.measure, test.window)) }
}

/** Without days of their own nothing is usual for a person. */
const usualOf = ({ expected, expectedPeers, days }: Omit<Baseline, 'tailLog10'>) => ({
  expected: days > 0 ? round(expected) : null,
  expected_peers: round(expectedPeers),
})

/** To four decimals: hundredths of a percent. */
const fine = (share: number): number => Math.round(share * 10_000) / 10_000

/** To two decimals, as numbers are shown. */
export const round = (value: number): number => Math.round(value * 100) / 100
