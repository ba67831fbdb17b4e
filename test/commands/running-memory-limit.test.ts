import { expect, test } from 'vitest'
import { runningMemoryLimit } from '../../commands/running-memory-limit.ts'
import { loadConfig } from '../../config.ts'

test.each([
  [384, '128MB'],
  [1024, '341MB'],
  [200, '96MB'],
  [64, '64MB'],
])('of %i MB for the start %s are left to run on', (memory_limit_mb, running) => {
  const loaded = loadConfig({
    file: null,
    env: { CRMWATCH_DATA_MEMORY_LIMIT_MB: String(memory_limit_mb) },
    cwd: '/',
    readFile: () => '',
  })
  if (!loaded.ok) throw new Error('The configuration is not valid')
  expect(runningMemoryLimit(loaded.config)).toBe(running)
})
