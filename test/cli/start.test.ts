import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withAllocator } from '../../cli/process-settings.ts'

const START = join(import.meta.dirname, '..', '..', 'start.ts')
const start = (...args: string[]) => spawnSync(process.execPath, [START, ...args], { encoding: 'utf8' })

test('npm start becomes the service, with the arguments given', () => {
  const { status, stdout, stderr } = start('--help')
  expect(stdout).toContain('Usage: crmwatch serve')
  expect(stderr).toBe('')
  expect(status).toBe(0)
})

test('its exit status is the service’s', () => {
  expect(start('--no-such-option').status).toBe(2)
})

test('what the environment says of the allocator stands', () => {
  expect(withAllocator({ GLIBC_TUNABLES: 'own' })).toEqual({ GLIBC_TUNABLES: 'own' })
})
