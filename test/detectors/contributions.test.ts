import { describe, expect, test } from 'vitest'
import { rankContributions } from '../../detectors/contributions.ts'
import type { Activity } from '../../detectors/detector.ts'
import { TESTS } from '../../detectors/risk/tests.ts'
import { catalogueOf } from '../../messages/catalogues.ts'
import { sayContribution } from '../../messages/say-contribution.ts'
import type { Window } from '../../model/measure.ts'

interface Seen {
  readonly seen: number
  readonly summed?: number
  readonly usual?: Partial<Record<Window, number>>
  readonly days?: number
}

/** What the engine would show of somebody; the rest is not asked for here. */
const activityOf = ({ seen, summed = seen, usual = {}, days = 40 }: Seen): Activity =>
  ({
    seen: () => seen,
    count: () => summed,
    surprise: () => 3.2,
    baseline: (_, window) => ({ expected: usual[window] ?? 0, expectedPeers: 9, days, tailLog10: () => -3 }),
    share: () => ({ among: 'contacts_viewed', seen: 0.8, expected: 0.2, expectedPeers: 0.1 }),
  }) satisfies Partial<Activity> as unknown as Activity

const reasonOf = (id: string, seen: Seen): string => {
  const parts = Float64Array.from(TESTS, (one) => (one.id === id ? 0.6 : 0))
  const [contribution] = rankContributions(activityOf(seen), parts)
  return sayContribution(contribution, catalogueOf('en'))
}

describe('somebody without days of their own', () => {
  test('has nothing usual but what the role does', () => {
    expect(reasonOf('contacts_copied.1h', { seen: 143, usual: { '1h': 1 }, days: 0 })).toBe(
      '60% · contacts copied in an hour: 143 (usual for the role 9)',
    )
    expect(reasonOf('contacts_copied.1h', { seen: 143, usual: { '1h': 1 }, days: 1 })).toBe(
      '60% · contacts copied in an hour: 143 (usual for this person 1, for the role 9)',
    )
  })

  test('has no usual share either', () => {
    const share = 'contacts_copied_share.1d'
    const reason = (days: number) => reasonOf(share, { seen: 12, days })
    expect(reason(0)).toMatch(/: 80% \(usual for the role 10%\)$/)
    expect(reason(1)).toMatch(/: 80% \(usual for this person 20%, for the role 10%\)$/)
  })
})

describe('what is more than usual day after day', () => {
  test.each<[string, Seen, string]>([
    [
      'is told by the day',
      { seen: 7, summed: 60, usual: { '1d': 2.6, '28d': 72 } },
      'in a day, more than usual day after day: 7 (usual for this person 3, for the role 9)',
    ],
    [
      'is told by the sum while the day has only begun',
      { seen: 2, summed: 90, usual: { '1d': 2.6, '28d': 72 } },
      'in 28 days, more than usual day after day: 90 (usual for this person 72, for the role 9)',
    ],
  ])('%s', (_, seen, reason) => {
    expect(reasonOf('contacts_viewed.cusum', seen)).toBe(`60% · contacts opened ${reason}`)
  })
})
