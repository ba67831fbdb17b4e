import { describe, expect, test } from 'vitest'
import { createCalendar } from '../../../detectors/days/calendar.ts'

describe.each([
  ['UTC', '2026-01-05T00:00:00Z', '2026-01-05T23:59:59.999Z'],
  ['Europe/Berlin', '2026-01-04T23:00:00Z', '2026-01-05T22:59:59.999Z'],
  ['America/New_York', '2026-01-05T05:00:00Z', '2026-01-06T04:59:59.999Z'],
  ['Asia/Kolkata', '2026-01-04T18:30:00Z', '2026-01-05T18:29:59.999Z'],
])('5 January 2026 in %s', (zone, first, last) => {
  const calendar = createCalendar(zone)
  const day = calendar.parse('2026-01-05')

  test('holds its first and last instant and no other', () => {
    expect(calendar.dayOf(Date.parse(first))).toBe(day)
    expect(calendar.dayOf(Date.parse(last))).toBe(day)
    expect(calendar.dayOf(Date.parse(first) - 1)).toBe(day - 1)
    expect(calendar.dayOf(Date.parse(last) + 1)).toBe(day + 1)
    expect(calendar.startOf(day)).toBe(Date.parse(first))
  })
})

test.each([
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['America/Sao_Paulo', '2018-11-04', 23],
])('%s: the day of the change of clocks, %s, has %i hours', (zone, date, hours) => {
  const calendar = createCalendar(zone)
  const day = calendar.parse(date)
  expect((calendar.startOf(day + 1) - calendar.startOf(day)) / 3_600_000).toBe(hours)
  for (let at = calendar.startOf(day); at < calendar.startOf(day + 1); at += 900_000)
    expect(calendar.dayOf(at)).toBe(day)
})
