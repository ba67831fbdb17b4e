import { expect, it } from 'vitest'
import { readPasts } from '../../ingest/refold.ts'
import { line, NOW, openTestCore, view } from '../support/test-core.ts'

it('a past is read as it was stored up to a point, whatever is being stored meanwhile', async () => {
  await using core = await openTestCore(':memory:')
  const { pipeline, db, codes } = core
  const submit = (n: number) => pipeline.submitEvents([line(view(`v${n}`, NOW + n, `c${n}`))], 'http', null)
  await submit(0)
  const anna = codes.findActor('default', 'anna')
  for (let stored = 1; stored <= 200; stored++) {
    const [past] = await Promise.all([readPasts(db, `e.actor = ${anna} AND e.seq < ${stored}`, true), submit(stored)])
    expect(past.get(anna)).toHaveLength(stored)
  }
})
