import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../store/database.ts'

const folder = mkdtempSync(join(tmpdir(), 'crmwatch-held-'))
const dir = join(folder, 'store')
const PROGRAM = `
  import { openDatabase } from ${JSON.stringify(new URL('../../store/database.ts', import.meta.url).href)}
  await openDatabase({ dir: process.argv[1] })
  process.stdout.write('open')
  process.stdin.resume()
`

let holder: ChildProcess
beforeAll(async () => {
  holder = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, dir], { stdio: ['pipe', 'pipe', 'inherit'] })
  if (holder.stdout !== null) await once(holder.stdout, 'data')
})
afterAll(async () => {
  holder.kill()
  await once(holder, 'close')
  rmSync(folder, { recursive: true, force: true })
})

test.each([false, true])(
  'a store that another process has is named, with what to do; read only: %s',
  async (readOnly) => {
    await expect(openDatabase({ dir, readOnly })).rejects.toThrow(
      `A crmwatch (process ${holder.pid}) is using the store in ${dir}. Stop it first, for a store belongs to one process at a time, or use a copy made while it is stopped.`,
    )
  },
)

test('another folder opens meanwhile', async () => {
  const other = join(folder, 'other')
  await (await openDatabase({ dir: other }))[Symbol.asyncDispose]()
  cpSync(other, join(folder, 'copy'), { recursive: true })
  await using db = await openDatabase({ dir: join(folder, 'copy'), readOnly: true })
  expect(await db.query('SELECT count(*) AS events FROM event_log')).toEqual([{ events: 0 }])
})
