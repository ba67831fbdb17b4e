import { describe, expect, it } from 'vitest'
import { createElsewhere } from '../../../detectors/signs/elsewhere.ts'

const HOUR = 3_600_000
const ANNA = 3

describe('what is read elsewhere while the usual address is in use', () => {
  it('counts what was read between two uses of the usual address', () => {
    const elsewhere = createElsewhere()
    expect(elsewhere.usual(ANNA, 0)).toBe(0)
    elsewhere.away(ANNA, 20, HOUR)
    elsewhere.away(ANNA, 5, HOUR + 60_000)
    expect(elsewhere.usual(ANNA, 2 * HOUR)).toBe(25)
    expect(elsewhere.usual(ANNA, 2 * HOUR + 1)).toBe(0)
  })

  it.each([
    ['nobody was at the usual address before', [], HOUR, 2 * HOUR],
    ['the usual address was last in use more than two hours before', [0], 2 * HOUR + 1, 3 * HOUR],
    ['nobody comes back to it within two hours', [0], HOUR, 3 * HOUR + 1],
  ])('does not count when %s', (_, before, away, back) => {
    const elsewhere = createElsewhere()
    for (const at of before) elsewhere.usual(ANNA, at)
    elsewhere.away(ANNA, 20, away)
    expect(elsewhere.usual(ANNA, back)).toBe(0)
  })

  it('keeps accounts apart, and forgets one that is cleared', () => {
    const elsewhere = createElsewhere()
    for (const actor of [ANNA, 900]) {
      elsewhere.usual(actor, 0)
      elsewhere.away(actor, actor, HOUR)
    }
    elsewhere.clear(ANNA)
    expect(elsewhere.usual(ANNA, HOUR + 1)).toBe(0)
    expect(elsewhere.usual(900, HOUR + 1)).toBe(900)
  })
})
