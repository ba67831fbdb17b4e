import { expect, it } from 'vitest'
import { createLetterPublisher } from '../../commands/letter-publisher.ts'
import type { DeadLetter } from '../../ingest/stream-sink.ts'
import { openTestCore, type TestCore } from '../support/test-core.ts'

const quiet = { warn: () => undefined } as never

/** Stores letters as a batch of the pipeline does. */
async function store({ db }: TestCore, from: number, letters: number): Promise<void> {
  await db.writer.run(`INSERT INTO dead_letters (letter_uid, received_at, source, reason, detail, bytes, published)
    SELECT 'l' || i, ${from} + i, 'kafka', 'empty', 'the message is empty', 0, false
    FROM range(${from}, ${from + letters}) t(i)`)
}

it('publishes what is stored, a thousand at a time, and tries again what the topic did not take', async () => {
  await using core = await openTestCore(':memory:')
  await store(core, 0, 2_500)
  const sent: string[][] = []
  const waiting: number[] = []
  const retries: (() => void)[] = []
  const outcomes = ['published', 'failed', 'published', 'published', 'published']
  const { wake } = await createLetterPublisher({
    ...core,
    producer: {
      async publish(letters: readonly DeadLetter[]) {
        sent.push(letters.map(({ letter_uid }) => letter_uid))
        if (outcomes.shift() !== 'failed') return { kind: 'published', letters: letters.length }
        return { kind: 'failed', failure: { code: 'broker_unreachable', detail: 'away' } }
      },
      [Symbol.asyncDispose]: async () => undefined,
    },
    logger: quiet,
    later: (_ms, callback) => retries.push(callback),
    onWaiting: (letters) => waiting.push(letters),
  })
  await expect.poll(() => retries.length).toBe(1)
  expect([sent.map(({ length }) => length), waiting]).toEqual([
    [1_000, 1_000],
    [2_500, 1_500],
  ])
  await store(core, 2_500, 3)
  wake(3)
  await expect.poll(() => waiting.at(-1)).toBe(0)
  retries[0]()
  expect(sent.slice(1).map((uids) => [uids[0], uids.length])).toEqual([
    ['l1000', 1_000],
    ['l1000', 1_000],
    ['l2000', 503],
  ])
  expect(await core.db.query('SELECT count(*) AS open FROM dead_letters WHERE NOT published')).toEqual([{ open: 0 }])
})
