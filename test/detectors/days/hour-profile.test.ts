import { describe, expect, it } from 'vitest'
import { createHourProfiles } from '../../../detectors/days/hour-profile.ts'

/** Monday, 5 January 2026, in days since 1970. */
const MONDAY = 20_458
const ROLE = 'default\u0000reception'
const bit = (hour: number): number => 1 << hour

/** A day with so many operations in each of the hours. */
const hours = (from: number, to: number, each = 10): number[] =>
  Array.from({ length: 24 }, (_, hour) => (hour >= from && hour < to ? each : 0))
const weekdays = (count: number): number[] =>
  Array.from({ length: count }, (_, n) => MONDAY + Math.floor(n / 5) * 7 + (n % 5))
const next = weekdays(61)[60]

function learned(from: number, to: number, days = weekdays(60)) {
  const profiles = createHourProfiles()
  for (const day of days) profiles.add(1, day, hours(from, to))
  return profiles
}

describe('hours that are not one’s own', () => {
  it('of nine to five are the night’s and not the day’s', () => {
    const off = learned(9, 17).offHours(1, ROLE, next)
    for (let hour = 9; hour < 17; hour++) expect(off & bit(hour)).toBe(0)
    for (const hour of [0, 3, 6, 20, 23]) expect(off & bit(hour)).toBe(bit(hour))
  })

  it('leave out the hour before and after, since work drifts', () => {
    const off = learned(9, 17).offHours(1, ROLE, next)
    expect(off & (bit(8) | bit(17))).toBe(0)
  })

  it('of a night shift are the day’s', () => {
    const off = learned(18, 24).offHours(1, ROLE, next)
    expect(off & bit(22)).toBe(0)
    expect(off & bit(11)).toBe(bit(11))
  })

  it('are all hours of a weekend on which nobody ever works', () => {
    const profiles = learned(9, 17)
    expect(profiles.offHours(1, ROLE, MONDAY + 12 * 7 + 5)).toBe(0xffffff)
    expect(profiles.offHours(1, ROLE, MONDAY + 12 * 7 + 6)).toBe(0xffffff)
  })

  it('are told for Saturdays and Sundays apart', () => {
    const saturdays = Array.from({ length: 12 }, (_, n) => MONDAY + 5 + 7 * n)
    const profiles = learned(
      9,
      17,
      [...weekdays(60), ...saturdays].toSorted((a, b) => a - b),
    )
    expect(profiles.offHours(1, ROLE, MONDAY + 12 * 7 + 5) & bit(11)).toBe(0)
    expect(profiles.offHours(1, ROLE, MONDAY + 12 * 7 + 6) & bit(11)).toBe(bit(11))
  })

  it('are none until 200 operations are known', () => {
    expect(learned(9, 17, weekdays(2)).offHours(1, ROLE, next)).toBe(0)
    expect(learned(9, 17, weekdays(3)).offHours(1, ROLE, next)).not.toBe(0)
  })

  it('are none again once the actor’s past is cleared', () => {
    const profiles = learned(9, 17)
    profiles.clear(1)
    expect(profiles.offHours(1, ROLE, next)).toBe(0)
  })

  it('are not made one’s own by one night of a thousand operations', () => {
    const profiles = learned(9, 17)
    profiles.add(1, next - 1, hours(2, 3, 1_000))
    expect(profiles.offHours(1, ROLE, next) & bit(2)).toBe(bit(2))
  })

  it('are for the two newest days, which are folded again after a restart, what they were before these closed', () => {
    const night = hours(21, 24)
    const profiles = learned(9, 17, weekdays(5))
    const [first, second, third] = [next, next + 1, next + 2]
    const before = profiles.offHours(1, ROLE, first)
    expect(before & bit(22)).toBe(bit(22))
    profiles.add(1, first, night)
    profiles.add(1, second, night)
    expect(profiles.offHours(1, ROLE, first)).toBe(before)
    expect(profiles.offHours(1, ROLE, second) & bit(22)).toBe(0)
    const older = learned(9, 17, weekdays(5))
    for (const day of [first, second, third]) older.add(1, day, night)
    expect(older.offHours(1, ROLE, first) & bit(22)).toBe(0)
  })
})

describe('the role’s hours', () => {
  const peers = () => {
    const profiles = createHourProfiles()
    for (const day of weekdays(10)) for (let n = 0; n < 5; n++) profiles.addPeer(ROLE, day, hours(9, 17))
    return profiles
  }

  it('stand in for somebody new', () => {
    const off = peers().offHours(7, ROLE, next)
    expect(off & bit(11)).toBe(0)
    expect(off & bit(2)).toBe(bit(2))
  })

  it('are known of a day two days later', () => {
    const profiles = createHourProfiles()
    for (let n = 0; n < 5; n++) profiles.addPeer(ROLE, MONDAY, hours(9, 17))
    expect(profiles.offHours(7, ROLE, MONDAY + 1)).toBe(0)
    expect(profiles.offHours(7, ROLE, MONDAY + 2)).not.toBe(0)
  })

  it('are for a day what they were when it was judged first, whatever came later', () => {
    const profiles = peers()
    const first = profiles.offHours(7, ROLE, next)
    for (const day of weekdays(60).map((one) => one + 84)) profiles.addPeer(ROLE, day, hours(0, 6))
    expect(profiles.offHours(7, ROLE, next + 90)).not.toBe(first)
    expect(profiles.offHours(7, ROLE, next)).toBe(first)
  })
})
