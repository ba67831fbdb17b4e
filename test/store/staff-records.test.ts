import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StaffRecord } from '../../model/staff.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { allStaffRecords, appendStaffRecords, staffHistory } from '../../store/staff-records.ts'

let db: Database
beforeEach(async () => {
  db = await openDatabase({ dir: ':memory:' })
})
afterEach(() => db[Symbol.asyncDispose]())

const hired: StaffRecord = {
  actor_uid: 'u1',
  org_uid: 'default',
  name: 'Ö’Neil "Q"',
  email: null,
  role: 'reception',
  team: null,
  manager_uid: null,
  actor_type: 'user',
  status: 'active',
  hired_on: '2024-01-01',
  notice_on: null,
  last_working_day: null,
  portfolio_size: null,
  recorded_at: 1_000,
}
const leaving: StaffRecord = {
  ...hired,
  status: 'notice',
  notice_on: '2026-03-03',
  portfolio_size: 12,
  recorded_at: 2_000,
}

test('what goes in comes out, oldest first, whatever the order of arrival', async () => {
  expect(await appendStaffRecords(db.writer, [leaving], 1)).toEqual([leaving])
  expect(await appendStaffRecords(db.writer, [hired, { ...hired, actor_uid: 'u2' }], 2)).toHaveLength(2)
  expect(await staffHistory(db, 'default', 'u1')).toEqual([hired, leaving])
  expect(await staffHistory(db, 'other', 'u1')).toEqual([])
  expect(await allStaffRecords(db)).toEqual([hired, { ...hired, actor_uid: 'u2' }, leaving])
})

test('an identical record changes nothing, within a batch or after it', async () => {
  expect(await appendStaffRecords(db.writer, [hired, leaving, { ...hired }], 1)).toEqual([hired, leaving])
  expect(await appendStaffRecords(db.writer, [leaving, hired], 2)).toEqual([])
  expect(await appendStaffRecords(db.writer, [], 3)).toEqual([])
  expect(await allStaffRecords(db)).toEqual([hired, leaving])
})

test('a record that differs in one field is new, and the later arrival of one instant comes last', async () => {
  await appendStaffRecords(db.writer, [hired], 1)
  const corrected = { ...hired, team: 'north' }
  expect(await appendStaffRecords(db.writer, [corrected], 2)).toEqual([corrected])
  expect(await staffHistory(db, 'default', 'u1')).toEqual([hired, corrected])
})

test('belongs to the caller’s transaction', async () => {
  await db.writer.run('BEGIN')
  await appendStaffRecords(db.writer, [hired], 1)
  await db.writer.run('ROLLBACK')
  expect(await allStaffRecords(db)).toEqual([])
})
