import { expect, it } from 'vitest'
import { parseUserMap } from '../../../ingest/sources/user-map.ts'

const HEAD = 'native_uid,actor_uid\n'

function mapOf(text: string) {
  const result = parseUserMap(text)
  if (!result.ok) throw new Error(result.reason)
  return result.map
}

it.each([
  ['17', 'anna', '17', 'anna'],
  ['Anna@Example.com', 'anna', 'anna@example.COM', 'anna'],
  ['{0A1B2C3D-0000-4000-8000-000000000001}', 'anna', '0a1b2c3d-0000-4000-8000-000000000001', 'anna'],
  ['0055e00000UserD', 'anna', '0055e00000UserDAAR', 'anna'],
  ['0055e00000UserDAAR', 'anna', '0055e00000UserD', 'anna'],
  ['u1', 'anna', 'U1', null],
  ['u1', 'anna', 'anna', 'anna'],
  ['u1', 'anna', 'bert', null],
])('%s is %s: whoever the log calls %s is %s', (native, actor, asked, staff) => {
  expect(mapOf(`${HEAD}${native},${actor}\n`).staffOf(asked)).toBe(staff)
})

it('takes the columns in any order, among others, behind a byte order mark', () => {
  const map = mapOf('\ufeffname,ACTOR_UID,native_uid\r\n"Abel, Anna",anna,17\r\n\r\n')
  expect(map.staffOf('17')).toBe('anna')
  expect(map.size).toBe(1)
})

it('takes semicolons, as Excel writes them where the comma is the decimal sign', () => {
  expect(mapOf('native_uid;actor_uid\r\nMüller, Jana;anna\r\n').staffOf('Müller, Jana')).toBe('anna')
})

it.each([
  ['', 'the file is empty; its first line must name native_uid and actor_uid'],
  ['17,anna\n', 'the first line must name the columns native_uid and actor_uid'],
  [`${HEAD}17,\n`, 'line 2: native_uid and actor_uid must have 1 to 256 characters'],
  [`${HEAD}17,anna\n18,${'x'.repeat(257)}\n`, 'line 3: native_uid and actor_uid must have 1 to 256 characters'],
  [`${HEAD}A@b,anna\na@B,bert\n`, 'line 3: native_uid has another actor_uid further up'],
  [`${HEAD}"17,anna\n`, 'the CSV cannot be taken apart'],
])('refuses %j', (text, reason) => {
  expect(parseUserMap(text)).toEqual({ ok: false, reason })
})
