import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NODE_FLAGS, nodeFlags, withAllocator } from '../../cli/process-settings.ts'

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

test.each(['--max-old-space-size=8000', '--inspect --max_old_space_size=8000'])(
  'what the environment says of the heap stands: %s',
  (NODE_OPTIONS) => {
    expect(nodeFlags({})).toEqual(NODE_FLAGS)
    expect(nodeFlags({ NODE_OPTIONS })).toEqual(NODE_FLAGS.filter((flag) => !flag.includes('old-space')))
  },
)

test('the limit of the heap is the main thread’s, not that of the thread that reads Kafka', () => {
  const threaded = join(import.meta.dirname, '..', '..', 'ingest', 'kafka', 'thread', 'threaded-source.ts')
  const limits = (flags: readonly string[]) => {
    const source = `
      import { once } from 'node:events'
      import { getHeapStatistics } from 'node:v8'
      import { startReaderThread } from ${JSON.stringify(threaded)}
      const main = getHeapStatistics().heap_size_limit / 2 ** 20
      const options = { brokers: ['127.0.0.1:1'], topics: ['none'], groupId: 'none', clientId: 'none' }
      const thread = startReaderThread({ options, offsets: [], reading: { hashKey: { lo: 1, hi: 2 } } })
      await once(thread, 'online')
      const { heap_size_limit } = await thread.getHeapStatistics()
      console.log(JSON.stringify({ main, thread: heap_size_limit / 2 ** 20 }))
      await thread.terminate()`
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '--eval', source], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }
  const usual = limits(nodeFlags({ NODE_OPTIONS: '--max-old-space-size' }))
  const held = limits(NODE_FLAGS)
  expect(held.main).toBeGreaterThanOrEqual(2000)
  expect(held.main).toBeLessThan(2100)
  expect(held.thread).toBe(usual.thread)
})
