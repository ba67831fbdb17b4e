import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder } from '../../store/make-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'crmwatch-folder-'))
const file = join(root, 'file')
writeFileSync(file, '')
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('makes a folder and those it is in, for their owner alone, and takes one that is there', () => {
  const dir = join(root, 'a', 'b', 'c')
  for (let time = 0; time < 2; time++) makeFolder(dir)
  for (const path of [dir, join(root, 'a')]) expect(statSync(path).mode & 0o777).toBe(0o700)
})

test.each([
  ['a file', file, `${file} is a file; the store needs a folder.`],
  [
    'a folder in a file',
    join(file, 'b'),
    `The folder ${join(file, 'b')} cannot be made (ENOTDIR); give a folder that is there or can be made.`,
  ],
  [
    'a folder far down in a file',
    join(file, 'b', 'c'),
    `The folder ${join(file, 'b', 'c')} cannot be made, since ${join(file, 'b')} cannot (ENOTDIR); give a folder that is there or can be made.`,
  ],
])('names %s', (_, dir, message) => {
  expect(() => makeFolder(dir)).toThrow(message)
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
    /^crmwatch: The folder \/proc\/x\/y cannot be made, since \/proc(\/x)? cannot \(E[A-Z]+\); give a folder that is there or can be made\.\n$/,
  )
  expect(status).toBe(1)
})
