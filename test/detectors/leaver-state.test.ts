import { describe, expect, test } from 'vitest'
import { createCalendar } from '../../detectors/days/calendar.ts'
import {
  createStaffTimeline,
  isLeavingTakenBack,
  leaverStandingAt,
  leaverStateOf,
  leftFrom,
  noticesAfter,
} from '../../detectors/leaver-state.ts'
import { staffRecord } from '../../fixtures/cases/case.ts'
import type { StaffRecord } from '../../model/staff.ts'

const calendar = createCalendar('Europe/Berlin')
const at = (time: string) => Date.parse(time)

test.each<[string, Partial<StaffRecord>, string, string]>([
  ['active', {}, '2026-03-10T12:00:00Z', 'none'],
  ['on leave', { status: 'leave' }, '2026-03-10T12:00:00Z', 'none'],
  ['in notice', { status: 'notice', notice_on: '2026-03-03' }, '2026-03-10T12:00:00Z', 'notice'],
  ['notice comes into force', { notice_on: '2026-03-10' }, '2026-03-09T22:59:59Z', 'none'],
  ['notice is in force from midnight local time', { notice_on: '2026-03-10' }, '2026-03-09T23:00:00Z', 'notice'],
  [
    'the last working day counts as work',
    { status: 'left', last_working_day: '2026-03-10' },
    '2026-03-10T22:59:59Z',
    'notice',
  ],
  ['and then is over', { status: 'left', last_working_day: '2026-03-10' }, '2026-03-10T23:00:00Z', 'left'],
  [
    'a last working day passes without a word',
    { status: 'notice', last_working_day: '2026-03-10' },
    '2026-03-20T12:00:00Z',
    'left',
  ],
  ['left, nobody says when', { status: 'left' }, '2026-03-10T12:00:00Z', 'left'],
])('%s', (_, change, time, expected) => {
  expect(leaverStateOf(staffRecord('anna', change), at(time), calendar)).toBe(expected)
})

test('without a record nobody is a leaver', () => {
  expect(leaverStateOf(null, at('2026-03-10T12:00:00Z'), calendar)).toBe('none')
})

test('a notice is what makes a leaver of somebody who was none', () => {
  const records: Partial<StaffRecord>[] = [
    { recorded_at: 100 },
    { recorded_at: 200, status: 'notice' },
    { recorded_at: 300, status: 'notice', role: 'stylist' },
    { recorded_at: 400, status: 'left' },
    { recorded_at: 500 },
    { recorded_at: 600, status: 'left' },
  ]
  const timeline = createStaffTimeline()
  for (const record of records) timeline.add(staffRecord('anna', record))
  expect([50, 199, 200, 599, 600].map((time) => noticesAfter(timeline, time, calendar))).toEqual([
    [200, 600],
    [200, 600],
    [600],
    [600],
    [],
  ])
})

describe('a timeline', () => {
  const hired = staffRecord('anna', { recorded_at: 100 })
  const notice = staffRecord('anna', { recorded_at: 200, status: 'notice' })
  const back = staffRecord('anna', { recorded_at: 300, role: 'stylist' })

  test('tells what held at a time, in whatever order the records came', () => {
    const timeline = createStaffTimeline()
    for (const record of [back, hired, notice]) timeline.add(record)
    expect([50, 100, 250, 300].map((time) => timeline.at(time))).toEqual([null, hired, notice, back])
    expect(timeline.latest()).toEqual(back)
    expect(timeline.describing(50)).toEqual(hired)
    expect([50, 100, 250, 300].map((time) => timeline.nextAfter(time))).toEqual([100, 200, 300, null])
    expect([50, 200, 300].map((time) => timeline.after(time))).toEqual([[hired, notice, back], [back], []])
  })

  test('takes the same record once', () => {
    const timeline = createStaffTimeline()
    expect([timeline.add(hired), timeline.add({ ...hired }), timeline.add(notice)]).toEqual([true, false, true])
  })
})

describe('a leaving that was recorded late', () => {
  const hired = staffRecord('anna', { recorded_at: at('2026-01-01T12:00:00Z') })
  const left = staffRecord('anna', {
    status: 'left',
    last_working_day: '2026-03-10',
    recorded_at: at('2026-03-20T12:00:00Z'),
  })
  const between = at('2026-03-10T23:00:00Z')
  const known = (...records: StaffRecord[]) => {
    const timeline = createStaffTimeline()
    for (const record of records) timeline.add(record)
    return timeline
  }
  const newer = (change: Partial<StaffRecord>) =>
    staffRecord('anna', { recorded_at: at('2026-03-25T12:00:00Z'), ...change })

  test('has begun when the last working day was over, and not before', () => {
    expect(leaverStandingAt(known(hired, left), between, calendar)).toEqual({ leaver: 'left', record: left })
    expect(leaverStandingAt(known(hired, left), between - 1, calendar)).toEqual({ leaver: 'none', record: hired })
    expect(leaverStandingAt(known(left), between, calendar)).toEqual({ leaver: 'left', record: left })
    expect(leftFrom(left, calendar)).toBe(between)
  })

  test.each<[string, Partial<StaffRecord>, boolean]>([
    ['active', {}, true],
    ['on leave', { status: 'leave' }, true],
    ['in notice, without a day', { status: 'notice' }, true],
    ['a later day', { status: 'left', last_working_day: '2026-03-12' }, true],
    ['the same day', { status: 'left', last_working_day: '2026-03-10' }, false],
    ['left, nobody says when', { status: 'left' }, false],
    ['hired long ago', { hired_on: '2020-01-01' }, true],
    ['hired again since', { hired_on: '2026-03-24' }, false],
  ])('is taken back by a newer record, or not: %s', (_, change, expected) => {
    expect(isLeavingTakenBack(known(hired, left, newer(change)), between, calendar)).toBe(expected)
    // What was judged by it stays as it was judged.
    expect(leaverStandingAt(known(hired, left, newer(change)), between, calendar).leaver).toBe('left')
  })

  test('is not taken back by a record of before', () => {
    expect(isLeavingTakenBack(known(hired), between, calendar)).toBe(false)
    expect(isLeavingTakenBack(known(), between, calendar)).toBe(false)
  })
})
