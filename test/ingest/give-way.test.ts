import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const GIVE_WAY = new URL('../../ingest/kafka/thread/give-way.ts', import.meta.url).href

test('a thread that gives way leaves the priority of the others as it was', async () => {
  const before = getPriority()
  const thread = new Worker(
    `import(${JSON.stringify(GIVE_WAY)}).then(({ giveWay }) => {
      giveWay()
      require('node:worker_threads').parentPort.postMessage(require('node:os').getPriority())
    })`,
    { eval: true },
  )
  const [priority] = await once(thread, 'message')
  expect(priority).toBe(process.platform === 'linux' ? Math.min(19, before + 5) : before)
  expect(getPriority()).toBe(before)
})
