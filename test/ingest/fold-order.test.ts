import { expect, test } from 'vitest'
import { createRandom } from '../../fixtures/simulator/random.ts'
import { DAY_MS, memoryOf, NOW, openTestCore, storedOutcome, submitAll, view } from '../support/test-core.ts'

const EVENTS = 400
const random = createRandom(8)

/** Views of a few people, out of order by up to 4 s, which is what the place of one among the others can tell by. */
const events = Array.from({ length: EVENTS }, (_, i) =>
  view(`e-${i}`, NOW - DAY_MS + i * 1_500 - random.int(4_000), `c-${random.int(90)}`, `u-${random.int(3)}`),
)
/** Every third one written so that it is not read from its bytes. */
const lines = events.map((event, i) => {
  const text = JSON.stringify(event)
  return i % 3 === 0 ? text.replace('"c-', '"\\u0063-') : text
})

async function outcomeOf(piece: number) {
  await using core = await openTestCore(':memory:')
  await submitAll(core, lines, piece)
  return { ...(await storedOutcome(core)), memory: memoryOf(core) }
}

test('events fold in their order, however they are read and whatever comes with them', async () => {
  const oneByOne = await outcomeOf(1)
  expect(oneByOne.memory.entries).toBeGreaterThan(100)
  expect(await outcomeOf(500)).toEqual(oneByOne)
  expect(await outcomeOf(7)).toEqual(oneByOne)
})
