import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanAddress } from '../../../ingest/adapters/clean-address.ts'
import { cleanCount } from '../../../ingest/adapters/clean-count.ts'
import { cleanId, cleanIds, cleanText } from '../../../ingest/adapters/clean-text.ts'
import { cleanTime } from '../../../ingest/adapters/clean-time.ts'
import { createLocalTime } from '../../../ingest/adapters/local-time.ts'
import { recordId } from '../../../ingest/adapters/salesforce/record-id.ts'
import { isTimeZone } from '../../../model/time-zone.ts'
import { anyValue } from './read-rows.ts'

it.each([
  [' a ', 'a'],
  [7, '7'],
  [true, 'true'],
  ['', null],
  ['  ', null],
  ['N/A', null],
  ['null', null],
  ['Unknown', null],
  ['-', null],
  ['--', null],
  ['\\N', null],
  ['NaN', null],
  ['<null>', null],
  [null, null],
  [undefined, null],
  [Number.NaN, null],
  [{}, null],
  [[], null],
  [['a'], 'a'],
  [['a', 'a'], 'a'],
  [['a', 'b'], null],
  ['nobody', 'nobody'],
])('cleanText(%j) is %j', (value, text) => expect(cleanText(value)).toBe(text))

it.each([
  ['00000000-0000-0000-0000-000000000000', null],
  ['{00000000-0000-0000-0000-000000000000}', null],
  ['{3F2504E0-4F89-11D3-9A0C-0305E82C3301}', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
  ['x'.repeat(257), null],
  ['anna@example.com', 'anna@example.com'],
  [42, '42'],
])('cleanId(%j) is %j', (value, id) => expect(cleanId(value)).toBe(id))

it.each([
  ['a,b, c', ['a', 'b', 'c']],
  ['[a, b]', ['a', 'b']],
  ['["a","b"]', ['a', 'b']],
  ['a;a', ['a']],
  [
    ['a', null, 'N/A', 5],
    ['a', '5'],
  ],
  ['N/A', []],
  [null, []],
])('cleanIds(%j) is %j', (value, ids) => expect(cleanIds(value)).toEqual(ids))

it.each([
  ['12', 12],
  ['0', 0],
  ['20680.0', 20_680],
  ['20680,0', 20_680],
  ['1,000', 1000],
  ['1,234', 1234],
  ['12,345,678', 12_345_678],
  ['1,234.0', 1234],
  ['1.234,0', 1234],
  ['1.234.567', 1_234_567],
  ['1 234', 1234],
  ['1\u00a0234,0', 1234],
  ['1\u202f234', 1234],
  ["1'234", 1234],
  // A point and zeros are the fraction of a float, whatever their number.
  ['1.000', 1],
  ['1000,000', 1000],
  ['0,000', 0],
  // No whole number, or a thousand and more: it is not said which.
  ['1.234', null],
  ['1,23', null],
  ['12,34,567', null],
  ['1,2345', null],
  [['12'], 12],
  [20680.0, 20_680],
  [' 7 ', 7],
  ['', null],
  [null, null],
  ['N/A', null],
  ['-1', null],
  [-1, null],
  ['1.5', null],
  [1.5, null],
  ['1e3', null],
  ['99999999999999', null],
  ['=1+2', null],
])('cleanCount(%j) is %j: empty is unknown, 0 is 0', (value, count) => expect(cleanCount(value)).toBe(count))

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:50749', '203.0.113.7'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['203.0.113.7, 10.0.0.1', '203.0.113.7'],
  ['Salesforce.com IP', null],
  ['203.0.113.*', null],
  ['0.0.0.0', null],
  ['999.1.1.1:80', null],
  ['', null],
  [null, null],
])('cleanAddress(%j) is %j', (value, address) => expect(cleanAddress(value)).toBe(address))

const AT = Date.UTC(2026, 2, 12, 9, 0, 7, 949)
const WHOLE = Date.UTC(2026, 2, 12, 9, 0, 7)
it.each([
  ['2026-03-12T09:00:07.949Z', AT],
  ['2026-03-12T09:00:07.949+0000', AT],
  ['2026-03-12T11:00:07.949+02:00', AT],
  ['2026-03-12T11:00:07.949+02', AT],
  ['2026-03-12 09:00:07.949', AT],
  ['2026-03-12 09:00:07,949', AT],
  ['2026-03-12T09:00:07.949999999Z', AT],
  ['2026-03-12T09:00:07', WHOLE],
  ['2026-03-12 09:00', Date.UTC(2026, 2, 12, 9)],
  ['2026-03-12', Date.UTC(2026, 2, 12)],
  ['2026-03-12 09:00:07 UTC', WHOLE],
  ['20260312090007.949', AT],
  ['20260312090007.9', WHOLE + 900],
  ['20260312090007.', WHOLE],
  ['20260312090007', WHOLE],
  [20260312090007.949, AT],
  ['12.03.2026 09:00:07', WHOLE],
  ['12/03/2026, 09:00', Date.UTC(2026, 2, 12, 9)],
  [WHOLE / 1000, WHOLE],
  [String(WHOLE / 1000), WHOLE],
  [AT, AT],
  [AT * 1000 + 7, AT],
  [String(BigInt(AT) * 1_000_000n), AT],
  [AT / 1000, AT],
])('cleanTime(%j) reads the time', (value, time) => expect(cleanTime(value)).toBe(time))

it.each([
  ['2026-02-30T00:00:00Z'],
  ['2026-13-01'],
  ['soon'],
  [''],
  [null],
  [12],
  [Number.NaN],
  ['20261399000000'],
  [5e10],
])('cleanTime(%j) is no time', (value) => expect(cleanTime(value)).toBeNaN())

describe('createLocalTime', () => {
  const berlin = createLocalTime('Europe/Berlin')
  it.each([
    ['2026-01-15 12:00:00', Date.UTC(2026, 0, 15, 11)],
    ['2026-07-15 12:00:00', Date.UTC(2026, 6, 15, 10)],
    ['2026-03-29 01:59:59', Date.UTC(2026, 2, 29, 0, 59, 59)],
    ['2026-03-29 03:00:00', Date.UTC(2026, 2, 29, 1)],
    ['2026-10-25 02:30:00', Date.UTC(2026, 9, 25, 0, 30)],
    ['2026-10-25 03:00:00', Date.UTC(2026, 9, 25, 2)],
    ['2026-01-15T12:00:00Z', Date.UTC(2026, 0, 15, 12)],
  ])('reads %s', (text, time) => expect(cleanTime(text, berlin)).toBe(time))

  it('agrees with the zone’s own clock at every instant that it shows once', () => {
    const zones = ['Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC']
    const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }).map((ms) => ms - (ms % 1000))
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, (zone, time) => {
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
        const read = cleanTime(shown.format(time), createLocalTime(zone))
        // An hour that a clock change repeats is read as its first passing.
        expect([0, 1_800_000, 3_600_000]).toContain(time - read)
        if (read !== time) expect(shown.format(read)).toBe(shown.format(time))
      }),
      { numRuns: 150 },
    )
  })

  it('knows zones from other words', () => {
    expect([isTimeZone('Europe/Moscow'), isTimeZone('Mars/Base')]).toEqual([true, false])
  })
})

it('recordId brings 15 and 18 characters to one form', () => {
  // From Salesforce's own description of the two forms.
  expect(recordId('0053X00000BoLQR')).toBe('0053X00000BoLQRQA3')
  expect(recordId('0053X00000BoLQRQA3')).toBe('0053X00000BoLQRQA3')
  expect([recordId('005'), recordId('000000000000000'), recordId('0053X00000BoLQ!'), recordId(null)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

it('no value makes a cleaner throw', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      for (const clean of [cleanText, cleanId, cleanIds, cleanCount, cleanAddress, cleanTime, recordId]) clean(value)
    }),
    { numRuns: 1_000 },
  )
})
