import { describe, expect, it } from 'vitest'
import { splitByRoom } from '../../../ingest/pipeline/room-for-people.ts'
import { HOUR_MS, inFolder, line, messages, NOW, openTestCore, staffRecord, view } from '../../support/test-core.ts'

const FROM = NOW - HOUR_MS
const viewed = (n: number, actor: string, more: object = {}) => ({ ...view(`e${n}`, FROM + n, 'c1', actor), ...more })

describe('a tenant with as many accounts as it may have', () => {
  it('takes events of those it knows and refuses those of others, by HTTP and from Kafka, whichever way they are read', async () => {
    await inFolder(async (dir) => {
      await using core = await openTestCore(dir, { maxPeople: 2 })
      const send = (...events: object[]) => core.pipeline.submitEvents(events.map(line), 'http', null)
      expect(await send(viewed(1, 'anna'), viewed(2, 'ben'), viewed(3, 'cem'))).toMatchObject({
        accepted: 2,
        rejected: [{ line: 3, reason: expect.stringContaining('ingest.max_people') }],
      })
      expect(await send(viewed(4, 'anna'), viewed(5, 'ben', { actor_name: 'Bën' }), viewed(6, 'ümit'))).toMatchObject({
        accepted: 2,
        rejected: [{ line: 3 }],
      })
      await core.pipeline.push(
        'access',
        0,
        messages([viewed(7, 'dora'), viewed(8, 'anna'), viewed(9, 'x', { org_uid: 'b' })]),
      )
      await core.pipeline.drain()
      expect(core.codes.findActor('default', 'dora')).toBe(-1)
      expect(core.codes.findActor('b', 'x')).not.toBe(-1)
      const letters = await core.db.query('SELECT reason, "offset" FROM dead_letters WHERE topic IS NOT NULL')
      expect(letters).toEqual([{ reason: 'too_many_people', offset: 0 }])
    })
  })

  it('takes what was refused once there is room: it was not remembered as taken', async () => {
    await inFolder(async (dir) => {
      {
        await using core = await openTestCore(dir, { maxPeople: 1 })
        const sent = await core.pipeline.submitEvents([viewed(1, 'anna'), viewed(2, 'ben')].map(line), 'http', null)
        expect(sent).toMatchObject({ accepted: 1 })
        expect(await core.pipeline.submitEvents([line(viewed(2, 'ben'))], 'http', null)).toMatchObject({
          duplicates: 0,
        })
      }
      await using core = await openTestCore(dir, { maxPeople: 2 })
      expect(await core.pipeline.submitEvents([line(viewed(2, 'ben'))], 'http', null)).toMatchObject({ accepted: 1 })
    })
  })

  it('does not know owners beyond them', async () => {
    await inFolder(async (dir) => {
      await using core = await openTestCore(dir, { maxPeople: 2 })
      const owned = (n: number, owner: string) => line(viewed(n, 'anna', { owner_uids: [owner] }))
      await core.pipeline.submitEvents([owned(1, 'ben'), owned(2, 'cem'), owned(3, 'ben')], 'http', null)
      const owners = await core.db.query('SELECT owner_uids FROM events ORDER BY event_uid')
      expect(owners).toEqual([['ben'], [], ['ben']].map((owner_uids) => ({ owner_uids })))
    })
  })

  it('takes staff records of those it knows, and of as many others as there is room for', () => {
    const codes = { findActor: (_: string, uid: string) => (uid === 'anna' ? 0 : -1), roomForActors: () => 1 }
    const records = ['ben', 'anna', 'cem', 'ben'].map((uid) => staffRecord(uid))
    const { taken, rejected } = splitByRoom(codes, records)
    expect(taken.map(({ actor_uid }) => actor_uid)).toEqual(['ben', 'anna', 'ben'])
    expect(rejected).toEqual([{ line: 3, reason: expect.stringContaining('ingest.max_people') }])
  })
})
