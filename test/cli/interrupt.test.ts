import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const MAIN = join(import.meta.dirname, '..', '..', 'main.ts')
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a long command ends at the first %s and leaves nothing behind',
  async (signal) => {
    const temporary = await mkdtemp(join(tmpdir(), 'crmwatch-test-'))
    const child = spawn(process.execPath, [MAIN, 'evaluate', '--seeds', '1-50', '--quick'], {
      env: { PATH: process.env.PATH, TMPDIR: temporary },
      stdio: 'ignore',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
    const ended = once(child, 'exit')
    try {
      const isAtWork = async () => (await readdir(temporary, { recursive: true })).length > 1
      while (!(await isAtWork())) await new Promise((resolve) => setTimeout(resolve, 50))
      child.kill(signal)
      expect(await ended).toEqual([EXIT_STATUS[signal], null])
      expect(await readdir(temporary)).toEqual([])
    } finally {
      child.kill('SIGKILL')
      await rm(temporary, { recursive: true, force: true })
    }
  },
)
