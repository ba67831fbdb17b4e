import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const dir = mkdtempSync(join(tmpdir(), 'crmwatch-denied-'))
beforeAll(() => chmodSync(dir, 0o555))
afterAll(() => {
  chmodSync(dir, 0o700)
  rmSync(dir, { recursive: true, force: true })
})

/** As a user who may not write there: the administrator may everywhere, and becomes nobody. */
const PROGRAM = `
  import { openDatabase } from ${JSON.stringify(new URL('../../store/database.ts', import.meta.url).href)}
  if (process.geteuid() === 0) process.seteuid(65534)
  await openDatabase({ dir: process.argv[1] }).catch((error) => process.stdout.write(error.message))
`

test('a folder that may not be written names the store, the setting and what to do', () => {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM, dir], { encoding: 'utf8' })
  expect(stdout).toBe(
    `The store ${join(dir, 'crmwatch.duckdb')} cannot be opened: access is denied. The folder ${dir} (data.dir) and what is in it must belong to the user that crmwatch runs as; see to that, or give another folder.`,
  )
})
