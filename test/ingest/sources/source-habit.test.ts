import { describe, expect, it } from 'vitest'
import { silentHours } from '../../../ingest/sources/source-habit.ts'

const WEEK = 168
/** A Monday, 0 o'clock. */
const MONDAY = 2_955 * WEEK + 96

/** Hours 8 to 17 of Monday to Friday, of so many weeks before `MONDAY`. */
const officeHours = (weeks: number): number[] =>
  Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 5 }, (_, day) =>
      Array.from({ length: 10 }, (_, hour) => MONDAY - (week + 1) * WEEK + day * 24 + 8 + hour),
    ),
  ).flat(2)

describe('silence beyond the habit', () => {
  it.each([
    ['the week-end', MONDAY, 0],
    ['Monday at ten past eight', MONDAY + 8, 0],
    ['Monday at ten', MONDAY + 10, 2],
    ['Monday night', MONDAY + 23, 10],
    ['Wednesday morning', MONDAY + 2 * 24 + 8, 20],
  ])('until %s', (_when, now, silent) => {
    expect(silentHours(new Set(officeHours(4)), now)).toBe(silent)
  })

  it('is not known in the first week', () => {
    expect(silentHours(new Set(), MONDAY)).toBeNull()
    expect(silentHours(new Set(officeHours(1)), MONDAY + 12)).toBeNull()
    expect(silentHours(new Set(officeHours(2)), MONDAY + 12)).toBe(4)
  })

  it('needs three weeks of four to call an hour busy', () => {
    const hours = officeHours(4)
    const without = (weeks: readonly number[]) =>
      new Set(hours.filter((hour) => !weeks.some((week) => hour === MONDAY - week * WEEK + 8)))
    expect(silentHours(without([2]), MONDAY + 9)).toBe(1)
    expect(silentHours(without([2, 3]), MONDAY + 9)).toBe(0)
  })

  it('does not take a long silence for the habit', () => {
    expect(silentHours(new Set(officeHours(4)), MONDAY + 3 * WEEK)).toBe(150)
  })
})
