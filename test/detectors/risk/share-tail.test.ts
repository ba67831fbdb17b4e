import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedShare, type ShareHistory, shareTailLog10 } from '../../../detectors/risk/share-tail.ts'

const history = fc
  .record({
    among: fc.nat(3_000),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    peerShare: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ among, part, peerShare }): ShareHistory => ({ of: Math.floor(among * part), among, peerShare }))
const window = fc.constantFrom('1d' as const, '7d' as const, '28d' as const)

describe('the share expected', () => {
  it.each([
    ['the peers’, of somebody unknown', { of: 0, among: 0, peerShare: 0.3 }, 0.3],
    ['half own, half the peers’ at 60 contacts', { of: 6, among: 60, peerShare: 0.3 }, 0.2],
    ['the own one, of somebody known well', { of: 10_000, among: 100_000, peerShare: 0.9 }, 0.1],
    ['never none at all', { of: 0, among: 1_000_000, peerShare: 0 }, 0.0005],
    ['never all', { of: 1_000_000, among: 1_000_000, peerShare: 1 }, 0.999],
  ])('is %s', (_, past, share) => {
    expect(expectedShare(past)).toBeCloseTo(share, 3)
  })
})

describe('the tail of a share', () => {
  it('is a probability that falls with the count', () => {
    fc.assert(
      fc.property(history, window, fc.integer({ min: 1, max: 400 }), fc.nat(400), (past, span, among, count) => {
        const tail = shareTailLog10(count, among, past, span)
        expect(tail).toBeLessThanOrEqual(0)
        expect(Number.isFinite(tail)).toBe(true)
        if (count < among) expect(shareTailLog10(count + 1, among, past, span)).toBeLessThanOrEqual(tail)
      }),
    )
  })

  it('says little of what is usual, at any volume', () => {
    const past = { of: 300, among: 1_000, peerShare: 0.3 }
    for (const among of [10, 100, 1_000, 10_000]) {
      expect(shareTailLog10(among * 0.3, among, past, '1d')).toBeGreaterThan(-0.5)
    }
  })

  it('says more the more contacts the share is of, and the more is known of the person', () => {
    const past = { of: 100, among: 1_000, peerShare: 0.1 }
    expect(shareTailLog10(80, 100, past, '1d')).toBeLessThan(shareTailLog10(8, 10, past, '1d'))
    const little = { of: 1, among: 10, peerShare: 0.1 }
    expect(shareTailLog10(80, 100, past, '1d')).toBeLessThan(shareTailLog10(80, 100, little, '1d'))
  })

  it('takes more of the copied than of the opened for all', () => {
    const past = { of: 100, among: 1_000, peerShare: 0.1 }
    expect(shareTailLog10(20, 10, past, '1d')).toBe(shareTailLog10(20, 20, past, '1d'))
  })
})
