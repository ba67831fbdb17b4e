import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binOf,
  logShareAt,
  logShares,
  partShares,
  scoreAt,
  scoreOfBin,
  survivors,
  TAIL_BINS,
  type TailPrior,
  wholeShares,
} from '../../../detectors/risk/tail-counts.ts'

const prior: TailPrior = { days: 150, logShare: (score) => -0.3 - 0.75 * score }
/** Person-days' scores, most of them small, and how many days there were in all. */
const seen = fc
  .tuple(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 400 }), fc.nat(2_000))
  .map(([parts, quiet]) => ({ scores: parts.map((part) => -3 * Math.log(1 - part * 0.999)), quiet }))

const histogramOf = (scores: readonly number[]): Float64Array => {
  const histogram = new Float64Array(TAIL_BINS)
  for (const score of scores) histogram[binOf(score)]++
  return histogram
}
const logsOf = ({ scores, quiet }: { scores: readonly number[]; quiet: number }) =>
  logShares(survivors(histogramOf(scores)), scores.length + quiet, prior, { fromShare: 0, priorWeight: 8 })

describe('the grid', () => {
  it.each([
    [0, 0],
    [0.09, 0],
    [0.1, 1],
    [0.3, 3],
    [2.5, 25],
    [14.9, TAIL_BINS - 1],
    [99, TAIL_BINS - 1],
    [-1, 0],
  ])('has %d in bin %d', (score, bin) => {
    expect(binOf(score)).toBe(bin)
  })

  it('has every edge in the bin it begins', () => {
    for (let bin = 0; bin < TAIL_BINS; bin++) expect(binOf(scoreOfBin(bin))).toBe(bin)
  })
})

it('survivors are the scores at or above each edge', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200)), fc.nat(TAIL_BINS), (tenths, length) => {
      const bins = tenths.map((tenth) => binOf(tenth / 10))
      // A histogram ends where nothing was counted any more, or later.
      const end = Math.max(length, ...bins.map((bin) => bin + 1))
      const counts = survivors(histogramOf(bins.map(scoreOfBin)).subarray(0, end))
      expect([...counts]).toEqual(Array.from(counts, (_, bin) => bins.filter((one) => one >= bin).length))
    }),
  )
})

describe('shares of person-days', () => {
  it('are shares, and fall with the score', () => {
    fc.assert(
      fc.property(seen, (days) => {
        const logs = logsOf(days)
        for (const [bin, log] of logs.entries()) {
          expect(log).toBeLessThanOrEqual(0)
          if (bin > 0) expect(log).toBeLessThanOrEqual(logs[bin - 1])
        }
        expect(Number.isFinite(logs[TAIL_BINS - 1])).toBe(true)
      }),
    )
  })

  it('are the assumed ones while nothing is known', () => {
    const logs = logsOf({ scores: [], quiet: 0 })
    for (const score of [0, 1, 2.5, 6]) expect(logShareAt(logs, score)).toBeCloseTo(prior.logShare(score), 6)
  })

  it('come to what was counted when much was', () => {
    const scores = Array.from({ length: 2_000 }, (_, i) => (i < 200 ? 3 : 1))
    const logs = logsOf({ scores, quiet: 18_000 })
    expect(10 ** logShareAt(logs, 1)).toBeCloseTo(0.1, 2)
    expect(10 ** logShareAt(logs, 3)).toBeCloseTo(0.01, 3)
  })

  it('are drawn on beyond what was counted: a few far out stretch the tail no more than at a cap', () => {
    const ordinary = Array.from({ length: 500 }, (_, i) => (i % 25) / 10)
    const few = logsOf({ scores: [...ordinary, 6, 6, 6], quiet: 4_000 })
    const far = logsOf({ scores: [...ordinary, 14, 14, 14], quiet: 4_000 })
    expect(logShareAt(far, 5)).toBe(logShareAt(few, 5))
    expect(logShareAt(far, 5)).toBeLessThan(logShareAt(far, 3))
  })

  it('between and beyond the edges go on without a leap', () => {
    const logs = logsOf({ scores: [0.5, 1, 2], quiet: 300 })
    fc.assert(
      fc.property(fc.double({ min: 0, max: 30, noNaN: true }), (score) => {
        expect(logShareAt(logs, score + 0.01)).toBeLessThanOrEqual(logShareAt(logs, score))
        expect(logShareAt(logs, score) - logShareAt(logs, score + 0.01)).toBeLessThan(0.2)
      }),
    )
  })
})

describe('shares of person-days by a test', () => {
  const wholeOf = (scores: readonly number[], quiet: number) =>
    wholeShares(survivors(histogramOf(scores)), scores.length + quiet, prior)
  const partOf = (scores: readonly number[], quiet: number, whole: Float64Array) =>
    partShares(survivors(histogramOf(scores)), scores.length + quiet, whole, 150)
  const times = (score: number, n: number): number[] => Array.from({ length: n }, () => score)

  it('are shares, and fall with the score, of all and of a part', () => {
    fc.assert(
      fc.property(seen, seen, (all, some) => {
        const whole = wholeOf(all.scores, all.quiet)
        for (const logs of [whole, partOf(some.scores, some.quiet, whole)]) {
          for (const [bin, log] of logs.entries()) {
            expect(log).toBeLessThanOrEqual(bin === 0 ? 0 : logs[bin - 1])
            expect(Number.isFinite(log)).toBe(true)
          }
        }
      }),
    )
  })

  it('are the assumed ones while nothing is known', () => {
    const whole = wholeOf([], 0)
    for (const score of [0, 1, 2.5, 6]) {
      expect(logShareAt(whole, score)).toBeCloseTo(prior.logShare(score), 6)
      expect(logShareAt(partOf([], 0, whole), score)).toBeCloseTo(prior.logShare(score), 6)
    }
  })

  it('know what is rare and large whenever it happens, once it happened a few times', () => {
    const whole = wholeOf(times(12, 5), 9_995)
    expect(10 ** logShareAt(whole, 10)).toBeGreaterThan(1 / 10_000)
    expect(10 ** logShareAt(whole, 10)).toBeLessThan(5 / 10_000)
    // Drawn on as a line, it would be taken for much rarer than it is.
    const line = logShares(survivors(histogramOf(times(12, 5))), 10_000, prior, { fromShare: 0, priorWeight: 8 })
    expect(10 ** logShareAt(line, 10)).toBeLessThan(1e-6)
  })

  it('are not moved by a single theft', () => {
    expect(logShareAt(wholeOf(times(12, 1), 9_999), 10)).toBeCloseTo(logShareAt(wholeOf([], 10_000), 10), 1)
  })

  it('of a part are half those of the whole after as many days without any as the whole lets expect one of', () => {
    const whole = wholeOf(times(12, 10), 9_990)
    expect(10 ** logShareAt(partOf([], 1_000, whole), 10)).toBeCloseTo(10 ** logShareAt(whole, 10) / 2, 5)
    expect(logShareAt(partOf([], 100, whole), 10)).toBeCloseTo(logShareAt(whole, 10), 1)
    expect(10 ** logShareAt(partOf(times(12, 100), 9_900, whole), 10)).toBeCloseTo(0.01, 2)
  })

  it('of a part that does often what is rare in the whole come to its own sooner', () => {
    const whole = wholeOf(times(12, 10), 9_990)
    const often = 10 ** logShareAt(partOf(times(12, 20), 980, whole), 10)
    expect(often).toBeGreaterThan(0.01)
    expect(often).toBeLessThan(0.02)
    // A thief's days of one week do not gainsay the whole.
    expect(10 ** logShareAt(partOf(times(12, 5), 995, whole), 10)).toBeLessThan(0.003)
  })
})

it('the score at a share is the inverse of the share at a score', () => {
  fc.assert(
    fc.property(seen, fc.double({ min: 0.05, max: 14, noNaN: true }), (days, score) => {
      const logs = logsOf(days)
      const share = logShareAt(logs, score)
      const back = scoreAt(logs, share)
      // On a flat part of the tail any of its scores will do.
      expect(back).toBeLessThanOrEqual(score + 1e-6)
      expect(logShareAt(logs, back)).toBeCloseTo(share, 6)
    }),
  )
})
