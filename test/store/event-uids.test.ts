import { expect, test } from 'vitest'
import { createEventBatch, NONE } from '../../model/event-batch.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { appendEvents } from '../../store/event-log.ts'
import { eachRecentUid } from '../../store/event-uids.ts'

interface Taken {
  readonly org: string
  readonly uid: string
  readonly time: number
}

async function append(db: Database, events: readonly { actor: number; uid: string; time: number }[]): Promise<void> {
  const batch = createEventBatch(events.length)
  batch.length = events.length
  batch.object.fill(NONE)
  batch.owner.fill(NONE)
  events.forEach(({ actor, uid, time }, i) => {
    batch.actor[i] = actor
    batch.time[i] = time
    batch.eventUid.set(i, uid)
  })
  await appendEvents(db.writer, batch, 0)
}

async function recent(db: Database, most: number): Promise<{ taken: Taken[]; older: number | null }> {
  const taken: Taken[] = []
  const older = await eachRecentUid(db, most, (org, uid, time) => taken.push({ org, uid, time }))
  return { taken, older }
}

async function storeOfTwoOrgs(): Promise<Database> {
  const db = await openDatabase({ dir: ':memory:' })
  await db.writer.run("INSERT INTO actors (code, org_uid, actor_uid) VALUES (0, 'one', 'anna'), (1, 'two', 'anna')")
  return db
}

test('gives ids as they were taken, whatever stands in them, each with its tenant', async () => {
  await using db = await storeOfTwoOrgs()
  const uids = ['plain', '"quoted"', 'back\\slash', 'line\nbreak', 'tab\tnul\u0000', 'Zoë 🦊', '', 'x'.repeat(300)]
  await append(
    db,
    uids.flatMap((uid, i) => [0, 1].map((actor) => ({ actor, uid, time: 1000 + i }))),
  )
  const { taken, older } = await recent(db, 100)
  for (const org of ['one', 'two'])
    expect(taken.filter((one) => one.org === org).map(({ uid }) => uid)).toEqual(expect.arrayContaining(uids))
  expect(taken).toHaveLength(2 * uids.length)
  expect(older).toBeNull()
})

test('gives the newest alone, thousands after thousands in the order of arrival, and when those before them end', async () => {
  await using db = await storeOfTwoOrgs()
  const count = 10_000
  await append(
    db,
    Array.from({ length: count }, (_, i) => ({ actor: 0, uid: `e${i}`, time: i })),
  )
  const { taken, older } = await recent(db, count - 1_000)
  expect(new Set(taken.map(({ uid }) => uid)).size).toBe(count - 1_000)
  expect(
    taken.map(({ uid }) => Number(uid.slice(1))).every((n, i) => n >= 1_000 && Math.abs(n - 1_000 - i) < 4_096),
  ).toBe(true)
  // An id may be taken for newer than it is, never for older.
  expect(taken.every(({ uid, time }) => time >= Number(uid.slice(1)))).toBe(true)
  expect(older).toBe(999)
})
