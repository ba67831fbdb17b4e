import { expect, test } from 'vitest'
import { parseStaffRecord } from '../../ingest/staff/parse-staff.ts'
import { readStaffRecords } from '../../ingest/staff/read-staff.ts'

const DEFAULTS = { org: 'default', now: Date.UTC(2026, 2, 2) }
const parse = (row: object) => parseStaffRecord({ actor_uid: 'u-17', status: 'notice', ...row }, DEFAULTS)

test.each([
  ['noticeOn', 'notice_on'],
  ['NOTICE-ON', 'notice_on'],
  ['notice on', 'notice_on'],
  ['notce_on', 'notice_on'],
  ['last_workingday', 'last_working_day'],
  ['Last Working Day', 'last_working_day'],
  ['last_working_date', 'last_working_day'],
  ['manager_id', 'manager_uid'],
  ['org_id', 'org_uid'],
  ['OrgUid', 'org_uid'],
  ['Role', 'role'],
  ['e_mail', 'email'],
  ['portfoliosize', 'portfolio_size'],
])('a field called %s is refused with the name that was meant, so that no date is lost to a typo', (name, meant) => {
  expect(parse({ [name]: '2026-11-20' })).toEqual({
    ok: false,
    reason: `${meant} is misspelt; its name must be written exactly so`,
  })
})

test('a misspelt required field is told as that, and all of them are', () => {
  expect(parseStaffRecord({ actorUid: 'u-17', status: 'notice', hiredOn: '2022-05-01' }, DEFAULTS)).toEqual({
    ok: false,
    reason:
      'actor_uid is misspelt; its name must be written exactly so; hired_on is misspelt; its name must be written exactly so',
  })
})

test.each([
  'surname',
  'first_name',
  'fname',
  'nickname',
  'manager_name',
  'manager_email',
  'team_id',
  'role_id',
  'state',
  'site',
  'title',
  'date',
  'mail',
  'hired_by',
  'recorded_by',
  'updated_at',
  'department',
  'cost_center',
  'phone',
  '__proto__x',
])('a column of HR’s own, such as %s, stays passed over', (name) => {
  expect(parse({ [name]: 'x' })).toMatchObject({ ok: true, record: { actor_uid: 'u-17', status: 'notice' } })
})

test('a name that is like one that is given too is HR’s own', () => {
  expect(parse({ email: 'a@example.com', Email: 'b@example.com' })).toMatchObject({
    ok: true,
    record: { email: 'a@example.com' },
  })
})

test('an empty field is nobody’s typo', () => {
  expect(parse({ noticeOn: null, lastWorkingDay: '' }).ok).toBe(true)
})

test('columns of Purview’s connector are held to theirs', () => {
  const row = { EmailAddress: 'u-17@example.com', ResignationDate: '2026-11-20' }
  expect(parseStaffRecord({ ...row, lastWorkingDate: '2026-12-31' }, DEFAULTS)).toEqual({
    ok: false,
    reason: 'LastWorkingDate is misspelt; its name must be written exactly so',
  })
  expect(parseStaffRecord({ ...row, UserName: 'x' }, DEFAULTS).ok).toBe(true)
})

test('the row is refused, the others are taken', () => {
  const lines = ['{"actor_uid":"a","status":"notice","noticeOn":"2026-11-20"}', '{"actor_uid":"b","status":"active"}']
  const rows = readStaffRecords('ndjson', Buffer.from(lines.join('\n')), DEFAULTS, 10)
  expect(rows).toMatchObject({
    ok: true,
    records: [{ line: 2, record: { actor_uid: 'b' } }],
    rejected: [{ line: 1, reason: 'notice_on is misspelt; its name must be written exactly so' }],
  })
})
