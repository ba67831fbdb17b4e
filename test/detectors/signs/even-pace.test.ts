import { describe, expect, it } from 'vitest'
import { createEvenPace } from '../../../detectors/signs/even-pace.ts'

const ANNA = 3

/** How many of the contacts opened at these times, each another one, count as evenly paced. */
function evenOf(times: readonly number[], contact: (nth: number) => number = (nth) => nth): number {
  const pace = createEvenPace()
  return times.filter((time, nth) => pace.touch(ANNA, contact(nth), time)).length
}

describe('an even pace', () => {
  it('counts from the third contact on, whose pause is that of the second', () => {
    expect(evenOf([0, 10_000, 20_000, 30_000])).toBe(2)
  })

  it.each([
    ['a tenth more is even', 11_000, 1],
    ['more than that is not', 11_200, 0],
    ['nor is much less', 8_000, 0],
  ])('%s', (_, pause, expected) => {
    expect(evenOf([0, 10_000, 10_000 + pause])).toBe(expected)
  })

  it.each([
    ['one page’s records', 400],
    ['pauses of more than three minutes', 180_001],
  ])('leaves out %s', (_, pause) => {
    expect(evenOf([0, pause, 2 * pause, 3 * pause])).toBe(0)
  })

  it('takes no notice of a second look at the same contact', () => {
    expect(evenOf([0, 10_000, 14_000, 20_000, 30_000], (nth) => [1, 2, 2, 3, 4][nth])).toBe(2)
  })

  it('keeps accounts apart, and begins anew when cleared', () => {
    const pace = createEvenPace()
    for (const [nth, time] of [0, 10_000].entries()) {
      pace.touch(ANNA, nth, time)
      pace.touch(900, nth, time)
    }
    pace.clear(ANNA)
    expect(pace.touch(ANNA, 2, 20_000)).toBe(false)
    expect(pace.touch(900, 2, 20_000)).toBe(true)
  })
})
