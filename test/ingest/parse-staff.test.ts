import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { parseStaffRecord, STAFF_FIELDS } from '../../ingest/staff/parse-staff.ts'
import { readStaffRecords } from '../../ingest/staff/read-staff.ts'
import { StaffRecord } from '../../model/staff.ts'

const NOW = Date.UTC(2026, 2, 2, 9)
const LATEST = NOW + 300_000
const DEFAULTS = { org: 'default', now: NOW, latestTime: LATEST }
const parse = (value: unknown) => parseStaffRecord(value, DEFAULTS)
const MINIMAL = { actor_uid: 'u1', status: 'active' }
const EMPTY: StaffRecord = {
  actor_uid: 'u1',
  org_uid: 'default',
  name: null,
  email: null,
  role: null,
  team: null,
  manager_uid: null,
  actor_type: 'user',
  status: 'active',
  hired_on: null,
  notice_on: null,
  last_working_day: null,
  portfolio_size: null,
  recorded_at: NOW,
}

describe('parseStaffRecord', () => {
  test.each<[object, Partial<StaffRecord>]>([
    [{}, {}],
    [
      { org_uid: 'acme', name: 'Ö', role: 'reception', actor_type: 'integration' },
      { org_uid: 'acme', name: 'Ö', role: 'reception', actor_type: 'integration' },
    ],
    [{ name: '', team: null, portfolio_size: 0 }, { portfolio_size: 0 }],
    [{ recorded_at: Date.UTC(2000, 0, 1) }, { recorded_at: Date.UTC(2000, 0, 1) }],
    [{ recorded_at: LATEST }, { recorded_at: LATEST }],
    [{ recorded_at: '1772442000000' }, { recorded_at: 1_772_442_000_000 }],
    [{ recorded_at: '2026-03-02T10:00:00+01:00' }, { recorded_at: NOW }],
    [{ recorded_at: '2026-03-02T09:00:00.000Z' }, { recorded_at: NOW }],
    [{ hired_on: '2024-02-29' }, { hired_on: '2024-02-29' }],
    [{ notice_on: '2026-03-31T23:30:00-05:00' }, { notice_on: '2026-03-31' }],
    [{ last_working_day: '2026-03-31T15:18:02.4675041+05:30' }, { last_working_day: '2026-03-31' }],
    [{ last_working_day: '2026-03-31 15:18' }, { last_working_day: '2026-03-31' }],
    // Paperwork may be dated after the day on which somebody was sent home.
    [
      { notice_on: '2026-04-02', last_working_day: '2026-03-31' },
      { notice_on: '2026-04-02', last_working_day: '2026-03-31' },
    ],
  ])('%j', (given, expected) => {
    expect(parse({ ...MINIMAL, ...given })).toEqual({ ok: true, record: { ...EMPTY, ...expected } })
  })

  const DAY = 'must be a calendar day, YYYY-MM-DD or an RFC 3339 date-time'
  const TIME = 'recorded_at must be an RFC 3339 date-time with its zone, or epoch milliseconds'
  test.each<[unknown, string]>([
    [null, 'a staff record must be a JSON object'],
    [[], 'a staff record must be a JSON object'],
    ['text', 'a staff record must be a JSON object'],
    [{}, 'actor_uid is missing; status is missing'],
    [{ actor_uid: 'u1' }, 'status is missing'],
    [{ ...MINIMAL, status: 'gone' }, 'status must be one of active, notice, left, leave'],
    [{ ...MINIMAL, actor_uid: 'x'.repeat(257) }, 'actor_uid must be text of 1 to 256 characters'],
    [
      { ...MINIMAL, actor_uid: 7, portfolio_size: -1 },
      'actor_uid must be text of 1 to 256 characters; portfolio_size must be a whole number from 0',
    ],
    [{ ...MINIMAL, hired_on: '2026-02-30' }, `hired_on ${DAY}`],
    [{ ...MINIMAL, hired_on: '31.03.2026', notice_on: 20260331 }, `hired_on ${DAY}; notice_on ${DAY}`],
    [{ ...MINIMAL, last_working_day: '03/31/2026' }, `last_working_day ${DAY}`],
    [{ ...MINIMAL, recorded_at: '2026-03-02T09:00:00' }, TIME],
    [{ ...MINIMAL, recorded_at: 1.5 }, TIME],
    [{ ...MINIMAL, recorded_at: 1e17 }, TIME],
    [
      { ...MINIMAL, recorded_at: NOW / 1000 },
      'recorded_at lies before the year 2000; epoch times must be in milliseconds',
    ],
    [
      { ...MINIMAL, recorded_at: LATEST + 1 },
      'recorded_at lies further in the future than ingest.max_future_ms allows; a day to come belongs in notice_on or last_working_day',
    ],
    [{ EmailAddress: 'a@b.c' }, 'ResignationDate and LastWorkingDate are both missing'],
    [{ ResignationDate: '2026-03-02' }, 'EmailAddress is missing'],
    [{ EmailAddress: 'a@b.c', ResignationDate: 'soon' }, `ResignationDate ${DAY}`],
    [{ EmailAddress: 'a@b.c', status: 'left' }, 'ResignationDate and LastWorkingDate are both missing'],
  ])('%j is refused', (value, reason) => {
    expect(parse(value)).toEqual({ ok: false, reason })
  })

  test('fields that are not known are ignored', () => {
    expect(parse({ ...MINIMAL, cost_centre: '4711' })).toEqual(parse(MINIMAL))
  })

  test('Purview’s columns make a notice', () => {
    expect(
      parse({ EmailAddress: 'a@b.c', ResignationDate: '2026-03-03T15:18:02.4675041+05:30', LastWorkingDate: '' }),
    ).toEqual({
      ok: true,
      record: { ...EMPTY, actor_uid: 'a@b.c', email: 'a@b.c', status: 'notice', notice_on: '2026-03-03' },
    })
  })

  test('whatever comes in, what goes out is a staff record or a reason without its values', () => {
    const check = Compile(StaffRecord)
    const marked = fc.string({ minLength: 3 }).map((text) => `§${text}`)
    const value = fc.oneof(
      fc.anything(),
      fc.record(
        Object.fromEntries(
          STAFF_FIELDS.map((name) => [name, fc.oneof(marked, fc.anything(), fc.constantFrom('active', '2026-03-02'))]),
        ),
        {
          requiredKeys: [],
        },
      ),
    )
    fc.assert(
      fc.property(value, (given) => {
        const parsed = parse(given)
        if (parsed.ok) expect(check.Errors(parsed.record)).toEqual([])
        else expect(parsed.reason).not.toContain('§')
      }),
    )
  })

  test('a record is its own row', () => {
    const record = { ...EMPTY, status: 'notice', notice_on: '2026-03-01', portfolio_size: 3 }
    expect(parse(record)).toEqual({ ok: true, record })
  })
})

describe('readStaffRecords', () => {
  const read = (format: 'json' | 'ndjson' | 'csv', text: string, maxRows = 100) =>
    readStaffRecords(format, Buffer.from(text), DEFAULTS, maxRows)
  const uids = (rows: ReturnType<typeof read>) =>
    rows.ok ? rows.records.map(({ line, record }) => `${line} ${record.actor_uid}`) : rows.reason

  test('one object and arrays of them', () => {
    expect(uids(read('json', JSON.stringify(MINIMAL)))).toEqual(['1 u1'])
    expect(read('json', `\uFEFF[${JSON.stringify(MINIMAL)}, 5]`)).toEqual({
      ok: true,
      isUtf8: true,
      records: [{ line: 1, record: EMPTY }],
      rejected: [{ line: 2, reason: 'a staff record must be a JSON object' }],
    })
    expect(read('json', 'x')).toEqual({ ok: false, fault: 'unreadable', reason: 'The body is not JSON.' })
  })

  test('JSON lines, blank ones counted and left out', () => {
    const line = JSON.stringify(MINIMAL)
    expect(uids(read('ndjson', `${line}\r\n\n${line}`))).toEqual(['1 u1', '3 u1'])
  })

  test('CSV with quotes, blank lines, a byte order mark, lines that do not fit', () => {
    const rows = read(
      'csv',
      '\uFEFFactor_uid, status ,name\r\nu1,active,"A, ""B""\nC"\r\n\r\nu2,left\r\nu3,active,x\r\n',
    )
    expect(uids(rows)).toEqual(['3 u1', '6 u3'])
    expect(rows.ok && rows.records[0].record.name).toBe('A, "B"\nC')
    expect(rows.ok && rows.rejected).toEqual([{ line: 5, reason: 'the line has 2 cells, its header 3' }])
  })

  test.each([
    ['', 'The CSV has no header line.'],
    ['Petrov,Ivan\n', 'Column 1 of the CSV header is not one of: '],
    ['actor_uid,actor_uid\n', 'The CSV header names a column twice.'],
    ['EmailAddress,status\n', 'Column 2 of the CSV header is not one of: EmailAddress, '],
    ['actor_uid,status\n"u1,active\n', 'The CSV cannot be read'],
    [`actor_uid,status\n${'x'.repeat(70_000)},active`, 'The CSV cannot be read'],
  ])('CSV that cannot be read: %j', (text, reason) => {
    const rows = read('csv', text)
    expect(rows).toMatchObject({ ok: false, fault: 'unreadable' })
    expect(rows.ok || rows.reason).toContain(reason)
    expect(rows.ok || rows.reason).not.toContain('Petrov')
  })

  test.each([
    ['semicolons', 'actor_uid;status;name\r\nu1;active;Müller, Jana\r\n'],
    ['tabs', 'actor_uid\tstatus\tname\nu1\tactive\tMüller, Jana\n'],
  ])('CSV as Excel writes it, with %s', (_, text) => {
    for (const body of [Buffer.from(text), Buffer.from(text, 'latin1'), Buffer.from(`\uFEFF${text}`, 'utf16le')]) {
      const rows = readStaffRecords('csv', body, DEFAULTS, 100)
      expect(rows).toMatchObject({ ok: true, records: [{ record: { actor_uid: 'u1', name: 'Müller, Jana' } }] })
    }
  })

  test('says of which rows the encoding was guessed', () => {
    const body = Buffer.from('actor_uid,status,name\nu1,active,Jana\nu2,active,M\xfcller\n', 'latin1')
    expect(readStaffRecords('csv', body, DEFAULTS, 100)).toMatchObject({ ok: true, isUtf8: false })
    expect(read('csv', 'actor_uid,status,name\nu2,active,Müller\n')).toMatchObject({ ok: true, isUtf8: true })
  })

  test('a column that is not known is named where others show that the line is a header', () => {
    const reason = (text: string) => {
      const rows = read('csv', text)
      return rows.ok ? null : rows.reason
    }
    expect(reason('actor_uid;status;Abteilung\nu1;active;x\n')).toMatch(
      /^Column 3 of the CSV header is not one of: .*; it is "Abteilung"\.$/,
    )
    expect(reason('Petrov;Ivan;1980\n')).toMatch(/: actor_uid, .*recorded_at\.$/)
  })

  test.each([
    ['json', '[{},{},{}]'],
    ['ndjson', '{}\n{}\n{}'],
    ['csv', 'actor_uid\n1\n2\n3'],
  ] as const)('%s: more rows than allowed are refused as a whole', (format, text) => {
    expect(read(format, text, 2)).toMatchObject({ ok: false, fault: 'too_many' })
    expect(read(format, text, 3)).toMatchObject({ ok: true })
  })
})
