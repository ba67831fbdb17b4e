import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder, notAFolder } from '../../store/make-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'crmwatch-folder-'))
const file = join(root, 'file')
writeFileSync(file, '')
const link = join(root, 'link')
symlinkSync(join(root, 'nowhere'), link)
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('makes a folder and those it is in, for their owner alone, and takes one that is there', () => {
  const dir = join(root, 'a', 'b', 'c')
  for (let time = 0; time < 2; time++) makeFolder(dir)
  for (const path of [dir, join(root, 'a')]) expect(statSync(path).mode & 0o777).toBe(0o700)
})

const ALLOWED = 'give a folder that is there or can be made.'

test.each([
  ['a file', file, `The folder ${file} cannot be used: it is a file; ${ALLOWED}`],
  [
    'a folder in a file',
    join(file, 'b'),
    `The folder ${join(file, 'b')} cannot be used: ${file} is a file; ${ALLOWED}`,
  ],
  [
    'a folder far down in a file',
    join(file, 'b', 'c'),
    `The folder ${join(file, 'b', 'c')} cannot be used: ${file} is a file; ${ALLOWED}`,
  ],
  ['a link that leads nowhere', link, `The folder ${link} cannot be used: there is no such file or folder; ${ALLOWED}`],
])('names %s', (_, dir, message) => {
  expect(() => makeFolder(dir)).toThrow(message)
})

test('says of what is there, without making anything, whether it can be a folder', () => {
  expect(notAFolder(root)).toBeNull()
  expect(notAFolder(join(root, 'new', 'deep'))).toBeNull()
  expect(existsSync(join(root, 'new'))).toBe(false)
  expect(notAFolder(file)).toBe('it is a file')
  expect(notAFolder(join(file, 'b'))).toBe(`${file} is a file`)
})

// In /proc Node's own recursive mkdir runs for ever, so this asks a process that can be ended.
test.each([
  ['replay', ['--events', file, '--data', '/proc/x/y']],
  ['demo', ['--once', '--port', '0', '--data', '/proc/x/y']],
  ['evaluate', ['--seeds', '1', '--write', '/proc/x/y']],
])('%s ends where no folder can be made, and names it', (command, args) => {
  const main = join(import.meta.dirname, '..', '..', 'main.ts')
  const { status, stderr } = spawnSync(process.execPath, [main, command, ...args], {
    cwd: root,
    env: {},
    encoding: 'utf8',
    timeout: 30_000,
    // It would not come to see a signal that it could handle.
    killSignal: 'SIGKILL',
  })
  expect(stderr).toMatch(
    /^crmwatch: The folder \/proc\/x\/y cannot be used: \/proc(\/x)? cannot be made, for (there is no such file or folder|access is denied); give a folder that is there or can be made\.\n$/,
  )
  expect(status).toBe(1)
})
