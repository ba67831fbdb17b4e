import { expect, it } from 'vitest'
import { programName } from '../../model/program-name.ts'

it.each([
  ['MailFlow-Sync/2.11', 'mailflow-sync'],
  ['mailflow-sync/3.0 (linux; x64)', 'mailflow-sync'],
  ['python-requests/2.32.3', 'python-requests'],
  ['curl 8.7', 'curl'],
  ['Connector-v4', 'connector'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)', 'browser'],
  ['Firefox 141', 'browser'],
  ['  Chrome/140', 'browser'],
  ['', null],
  ['(unknown)', null],
  ['5.0', null],
  [null, null],
])('%s is %s', (userAgent, name) => {
  expect(programName(userAgent)).toBe(name)
})
