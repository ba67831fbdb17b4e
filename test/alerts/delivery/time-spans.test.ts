import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLocalClock, endOfSpans } from '../../../alerts/delivery/local-clock.ts'
import { parseDuration } from '../../../model/duration.ts'
import { isWithin, parseTimeSpan, type TimeSpan } from '../../../model/time-span.ts'

const spans = (...texts: string[]): TimeSpan[] => texts.map((text) => parseTimeSpan(text)!)

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['4h', 14_400_000],
    ['2d', 172_800_000],
    ['0m', null],
    ['4', null],
    ['4 h', null],
    ['1.5h', null],
    ['-1h', null],
    ['9999999h', null],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })
})

describe('times of the week', () => {
  it.each([
    ['Mon-Fri 22:00-07:00', { days: [0, 1, 2, 3, 4], fromMinute: 1_320, lengthMinutes: 540 }],
    ['sat,sun', { days: [5, 6], fromMinute: 0, lengthMinutes: 1_440 }],
    ['Fri-Mon 00:00-24:00', { days: [0, 4, 5, 6], fromMinute: 0, lengthMinutes: 1_440 }],
    ['09:00-17:30', { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 540, lengthMinutes: 510 }],
  ])('reads %s', (text, span) => {
    expect(parseTimeSpan(text)).toEqual(span)
  })

  it.each([
    '',
    'Mo',
    '9:00-17:00',
    '24:00-01:00',
    '10:00-10:00',
    '10:61-11:00',
    '10:00',
    'Mon-Tue-Wed',
    'Mon 22:00–07:00',
  ])('does not read %j', (text) => {
    expect(parseTimeSpan(text)).toBeNull()
  })

  it('belong to the day on which they begin', () => {
    const night = spans('Fri 22:00-07:00')
    const clock = createLocalClock('UTC')
    const at = (text: string) => isWithin(night, clock(Date.parse(text)))
    expect(at('2026-03-06T21:59:00Z')).toBe(false)
    expect(at('2026-03-06T22:00:00Z')).toBe(true)
    expect(at('2026-03-07T06:59:00Z')).toBe(true)
    expect(at('2026-03-07T07:00:00Z')).toBe(false)
    expect(at('2026-03-06T03:00:00Z')).toBe(false)
  })

  it.each([
    ['2026-03-02T23:15:30Z', 'UTC', '2026-03-03T07:00:00.000Z'],
    ['2026-03-02T12:00:00Z', 'UTC', '2026-03-02T12:00:00.000Z'],
    ['2026-03-02T23:15:30Z', 'Europe/Berlin', '2026-03-03T06:00:00.000Z'],
    // The night in which the clock goes forward, and that in which it goes back.
    ['2026-03-28T23:30:00Z', 'Europe/Berlin', '2026-03-29T05:00:00.000Z'],
    ['2026-10-24T22:30:00Z', 'Europe/Berlin', '2026-10-25T06:00:00.000Z'],
    ['2026-03-02T18:00:00Z', 'Asia/Kolkata', '2026-03-03T01:30:00.000Z'],
  ])('the night of %s in %s ends at %s', (from, zone, end) => {
    const ended = endOfSpans(spans('22:00-07:00'), Date.parse(from), createLocalClock(zone))
    expect(new Date(ended).toISOString()).toBe(end)
  })

  it('end where no minute before is free, whatever the spans', () => {
    const hour = fc.integer({ min: 0, max: 23 })
    const day = fc.constantFrom('Mon', 'Tue-Thu', 'Sat,Sun', 'Fri-Mon')
    const text = fc
      .tuple(day, hour, hour)
      .filter(([, from, to]) => from !== to)
      .map(([days, from, to]) => `${days} ${String(from).padStart(2, '0')}:00-${String(to).padStart(2, '0')}:30`)
    const clock = createLocalClock('UTC')
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), fc.integer({ min: 0, max: 20_000_000 }), (texts, minute) => {
        const quiet = spans(...texts)
        const from = minute * 60_000
        const end = endOfSpans(quiet, from, clock)
        expect(isWithin(quiet, clock(end))).toBe(false)
        for (let at = from; at < end; at += 60_000) expect(isWithin(quiet, clock(at))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    ['an end that the clock passes over', '22:00-02:30', '2026-03-29T00:50:00Z', '2026-03-29T01:00:00.000Z'],
    ['an end just behind the hour passed over', '22:00-03:15', '2026-03-29T00:50:00Z', '2026-03-29T01:15:00.000Z'],
    ['an hour that comes twice', '22:00-02:30', '2026-10-24T23:50:00Z', '2026-10-25T00:30:00.000Z'],
    ['its second coming', '22:00-02:30', '2026-10-25T01:10:00Z', '2026-10-25T01:30:00.000Z'],
    ['a beginning that comes twice', '02:30-07:00', '2026-10-25T00:40:20Z', '2026-10-25T01:00:00.000Z'],
  ])('end where no minute before is free, with %s', (_what, span, from, end) => {
    const clock = createLocalClock('Europe/Berlin')
    const quiet = spans(span)
    const ended = endOfSpans(quiet, Date.parse(from), clock)
    expect(new Date(ended).toISOString()).toBe(end)
    expect(isWithin(quiet, clock(ended))).toBe(false)
    for (let at = Date.parse(from); at < ended; at += 60_000) expect(isWithin(quiet, clock(at))).toBe(true)
  })

  it('that leave no minute free end after a week', () => {
    expect(endOfSpans(spans('Mon-Sun'), 0, createLocalClock('UTC'))).toBe(7 * 86_400_000)
  })
})
