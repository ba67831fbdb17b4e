import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDayRows } from '../../../detectors/days/day-rows.ts'

const KEPT = 100
/** A row of two numbers that tells for which day it was made. */
const rowsOf = (keptDays = KEPT) => {
  const rows = createDayRows(2, keptDays)
  return (day: number) => [...rows.of(day, (row) => row.set([day, -day]))]
}
/** What was known for `day` by rows made for `made`, in their order: plainly. */
function expectedFor(made: readonly number[], day: number): number {
  const kept = made.filter((one) => one > made[made.length - 1] - KEPT)
  return kept.filter((one) => one <= day).at(-1) ?? kept[0]
}

describe('rows of days', () => {
  it('are those made for the day, else for the last before it, else the oldest', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(steps, fc.array(fc.nat(4_000), { maxLength: 20 }), (gaps, asked) => {
        const of = rowsOf()
        const made = gaps.map((_, i) => gaps.slice(0, i + 1).reduce((sum, gap) => sum + gap, 20_000))
        for (const day of made) expect(of(day)).toEqual([day, -day])
        for (const back of asked) {
          const day = made[made.length - 1] - back
          const expected = expectedFor(made, day)
          expect(of(day)).toEqual([expected, -expected])
        }
      }),
    )
  })

  it('are made once: what is known later changes nothing in them', () => {
    const rows = createDayRows(1, KEPT)
    let known = 1
    const of = (day: number) => rows.of(day, (row) => row.fill(known))[0]
    expect(of(7)).toBe(1)
    known = 2
    expect([of(7), of(8), of(7)]).toEqual([1, 2, 1])
  })

  it('begin with zeros, whatever stood there of a day that is kept no more', () => {
    const rows = createDayRows(3, 5)
    for (let day = 0; day < 30; day++) rows.of(day, (row) => row.fill(9))
    expect([...rows.of(30, (row) => row.fill(1, 0, 1))]).toEqual([1, 0, 0])
  })
})
