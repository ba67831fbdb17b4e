import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOpenToOthers } from '../../store/make-folder.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'main.ts')
let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'crmwatch-open-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('in a folder that others may enter, the store’s files are for their owner alone', () => {
  chmodSync(dir, 0o755)
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'token', 'create', '--name', 'a', '--role', 'viewer'], {
    env: { CRMWATCH_DATA_DIR: dir },
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  const files = readdirSync(dir)
  expect(files).toContain('crmwatch.duckdb')
  for (const file of files) expect([file, statSync(join(dir, file)).mode & 0o077]).toEqual([file, 0])
})

test.each([
  [0o700, false],
  [0o750, true],
  [0o755, true],
  [0o701, true],
])('a folder of mode %o is open to others: %s', (mode, open) => {
  chmodSync(dir, mode)
  expect(isOpenToOthers(dir)).toBe(open)
})
