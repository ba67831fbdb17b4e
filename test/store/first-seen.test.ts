import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventBatch, NONE } from '../../model/event-batch.ts'
import { openDatabase } from '../../store/database.ts'
import { appendEvents } from '../../store/event-log.ts'
import { firstSeen } from '../../store/first-seen.ts'

test('the oldest event of an actor is found whatever the order of arrival', async () => {
  await using db = await openDatabase({ dir: ':memory:' })
  const event = fc.record({ actor: fc.integer({ min: 0, max: 3 }), time: fc.integer({ min: 0, max: 50 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
      await db.writer.run('DELETE FROM event_log')
      const batch = createEventBatch(events.length)
      batch.length = events.length
      events.forEach(({ actor, time }, i) => {
        batch.actor[i] = actor
        batch.time[i] = time
      })
      batch.object.fill(NONE)
      batch.owner.fill(NONE)
      await appendEvents(db.writer, batch, 0)
      for (let actor = 0; actor <= 3; actor++) {
        const times = events.filter((one) => one.actor === actor).map(({ time }) => time)
        expect(await firstSeen(db, actor)).toBe(times.length === 0 ? null : Math.min(...times))
      }
    }),
    { numRuns: 30 },
  )
})
