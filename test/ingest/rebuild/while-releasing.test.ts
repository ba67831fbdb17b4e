import { expect, test } from 'vitest'
import { whileReleasing } from '../../../ingest/rebuild/while-releasing.ts'

/** A clock that is moved by hand, and a database whose releases are ended by hand. */
function stage() {
  const timers = new Set<() => void>()
  const releases: (() => void)[] = []
  return {
    releases,
    waiting: () => timers.size,
    tick() {
      for (const timer of [...timers]) {
        timers.delete(timer)
        timer()
      }
    },
    after(_ms: number, callback: () => void) {
      timers.add(callback)
      return () => timers.delete(callback)
    },
    db: { releaseMemory: () => new Promise<void>((resolve) => releases.push(resolve)) },
  }
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('gives memory back again and again, once at a time, and no longer when the work is done', async () => {
  const { db, after, tick, releases, waiting } = stage()
  const { promise, resolve } = Promise.withResolvers<string>()
  const result = whileReleasing(db, after, () => promise)
  tick()
  tick()
  expect(releases).toHaveLength(1)
  releases[0]()
  await turn()
  tick()
  expect(releases).toHaveLength(2)
  releases[1]()
  await turn()
  resolve('done')
  expect(await result).toBe('done')
  expect(waiting()).toBe(0)
})

test('waits for a release that is under way, and starts no other', async () => {
  const { db, after, tick, releases, waiting } = stage()
  const { promise, resolve } = Promise.withResolvers<string>()
  let ended = false
  const result = whileReleasing(db, after, () => promise).then(() => {
    ended = true
  })
  tick()
  resolve('done')
  await turn()
  expect(ended).toBe(false)
  releases[0]()
  await result
  expect(waiting()).toBe(0)
})

test('passes on what the work fails with', async () => {
  const { db, after, waiting } = stage()
  await expect(whileReleasing(db, after, () => Promise.reject(new Error('broken store')))).rejects.toThrow(
    'broken store',
  )
  expect(waiting()).toBe(0)
})
