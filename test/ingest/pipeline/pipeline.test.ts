import { describe, expect, it } from 'vitest'
import { CLOUD_EVENT_TYPE, EVENT_LIMITS } from '../../../model/event.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  line,
  messages,
  NOW,
  openTestCore,
  staffRecord,
  submitAll,
  TEST_CORE,
  view,
  views,
} from '../../support/test-core.ts'

const T0 = NOW - 40 * DAY_MS

describe('events by hand-over', () => {
  it('answers with what was accepted, what was there already, and each refused line with its number', async () => {
    await using core = await openTestCore(':memory:')
    const body = [
      view('e1', T0, 'c1'),
      '{"time":',
      view('e2', T0 + 1, 'c2'),
      { time: T0, action: 'view' },
      { actor_uid: 'anna', action: 'view' },
      view('e1', T0, 'c1'),
      { actor_uid: 'anna', time: T0, action: 'look' },
      view('e3', NOW + HOUR_MS, 'c1'),
      `{"pad":"${'x'.repeat(EVENT_LIMITS.bytes)}"}`,
    ].map(line)
    const first = await core.pipeline.submitEvents(body, 'http', null)
    expect(first).toMatchObject({ accepted: 2, duplicates: 1 })
    expect(first?.rejected.map(({ line: at }) => at)).toEqual([2, 4, 5, 7, 8, 9])
    const again = await core.pipeline.submitEvents(body, 'http', null)
    expect(again).toMatchObject({ accepted: 0, duplicates: 3 })
    expect(again?.rejected).toEqual(first?.rejected)

    const stored = await core.db.query<{ event_uid: string }>('SELECT event_uid FROM events ORDER BY event_uid')
    expect(stored).toEqual([{ event_uid: 'e1' }, { event_uid: 'e2' }])
    const letters = await core.db.query(
      `SELECT reason, line, bytes > 0 AS sized, body, source, topic FROM dead_letters WHERE letter_uid IN
       (SELECT letter_uid FROM dead_letters ORDER BY rowid LIMIT 6) ORDER BY line`,
    )
    const letter = { sized: true, body: null, source: 'http', topic: null }
    expect(letters).toEqual([
      { ...letter, line: 2, reason: 'invalid_json' },
      { ...letter, line: 4, reason: 'missing_actor' },
      { ...letter, line: 5, reason: 'missing_time' },
      { ...letter, line: 7, reason: 'invalid_event' },
      { ...letter, line: 8, reason: 'time_in_future' },
      { ...letter, line: 9, reason: 'too_large' },
    ])
  })

  it('refuses an event that names its record where a list is asked for: it would be an event on no record', async () => {
    await using core = await openTestCore(':memory:')
    const { object_uids: _, ...event } = view('e1', T0, 'c1')
    const body = [
      { ...event, object_uid: 'c1' },
      { ...event, event_uid: 'e2', owner_uid: 'bert', object_uids: ['c1'] },
      { ...event, event_uid: 'e3', object_uid: 'c1', object_uids: ['c1'] },
      { ...event, event_uid: 'e4', object_uid: null },
    ]
    const result = await core.pipeline.submitEvents(body.map(line), 'http', null)
    expect(result).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { line: 1, reason: 'object_uid is no field of an event: object_uids takes a list of them' },
        { line: 2, reason: 'owner_uid is no field of an event: owner_uids takes a list of them' },
      ],
    })
  })

  it('takes events of two producers that number alike for two, and the same one sent again for one', async () => {
    await using core = await openTestCore(':memory:')
    const cloudEvent = (source: string) => {
      const { event_uid: id, time, actor_uid: subject, ...data } = view('1', T0, 'c1')
      return { specversion: '1.0', type: CLOUD_EVENT_TYPE, source, id, time, subject, data }
    }
    const body = ['/crm/eu', '/crm/us', '/crm/eu'].map((source) => line(cloudEvent(source)))
    expect(await core.pipeline.submitEvents(body, 'http', null)).toMatchObject({ accepted: 2, duplicates: 1 })
  })

  it('counts lines from the start of a request that takes several batches', async () => {
    await using core = await openTestCore(':memory:', { batchMaxEvents: 40 })
    const body: unknown[] = views('v', T0, 300, 1000)
    body[7] = 'nonsense'
    body[288] = 'nonsense'
    const result = await core.pipeline.submitEvents(body.map(line), 'http', null)
    expect(result).toMatchObject({ accepted: 298, duplicates: 0 })
    expect(result?.rejected.map(({ line: at }) => at)).toEqual([8, 289])
    expect(await core.db.query('SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log')).toEqual([
      { n: 298, uids: 298 },
    ])
  })

  it('says there is no room instead of queueing without bound', async () => {
    await using core = await openTestCore(':memory:', { batchMaxEvents: 40 })
    const [first, second, third] = [0, 1, 2].map((part) =>
      core.pipeline.submitEvents(views(`p${part}`, T0, 20, 1000, `a${part}`).map(line), 'http', null),
    )
    const fourth = core.pipeline.submitEvents(views('p4', T0, 20, 1000, 'a4').map(line), 'http', null)
    expect(fourth).toBeNull()
    for (const taken of [first, second, third]) expect(await taken).toMatchObject({ accepted: 20 })
    expect(await core.pipeline.submitEvents(views('p4', T0, 20, 1000, 'a4').map(line), 'http', null)).toMatchObject({
      accepted: 20,
    })
  })

  it('gives others their turn while a request of many lines is taken, and does not refuse them', async () => {
    const small: unknown[] = []
    let turns = 0
    const breathe = async () => {
      const n = turns++
      if (n < 3) small.push(core.pipeline.submitEvents(views(`s${n}`, T0, 2, 1000, 'bert').map(line), 'http', null))
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    await using core = await openTestCore(':memory:', { batchMaxEvents: 1_000, breathe })
    const large = await core.pipeline.submitEvents(views('v', T0, 3_000, 1000).map(line), 'http', null)
    expect(large).toMatchObject({ accepted: 3_000 })
    expect(turns).toBeGreaterThanOrEqual(11)
    expect(await Promise.all(small)).toEqual(Array(3).fill({ accepted: 2, duplicates: 0, rejected: [] }))
  })

  it('refuses a request of many lines when the store fails between its slices', async () => {
    let turns = 0
    const breathe = async () => {
      if (turns++ === 0) {
        const run = () => Promise.reject(new Error('disk full'))
        const get = (writer: object, key: string | symbol) => (key === 'run' ? run : Reflect.get(writer, key))
        Object.assign(core.db, { writer: new Proxy(core.db.writer, { get }) })
        await expect(core.pipeline.submitEvents([line(view('s', T0, 'c1'))], 'http', null)).rejects.toThrow('disk full')
      }
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    const core = await openTestCore(':memory:', { batchMaxEvents: 2_000, breathe })
    const large = core.pipeline.submitEvents(views('v', T0, 600, 1000).map(line), 'http', null)
    await expect(large).rejects.toThrow('disk full')
  })

  it('keeps the tenants of scoped tokens apart', async () => {
    await using core = await openTestCore(':memory:')
    const event = view('same', T0, 'c1')
    expect(await core.pipeline.submitEvents([line(event)], 'http', 'north')).toMatchObject({ accepted: 1 })
    expect(await core.pipeline.submitEvents([line(event)], 'http', 'south')).toMatchObject({ accepted: 1 })
    expect(await core.pipeline.submitEvents([line({ ...event, org_uid: 'north' })], 'http', 'south')).toMatchObject({
      accepted: 0,
      rejected: [{ line: 1 }],
    })
    expect(await core.db.query('SELECT org_uid FROM events ORDER BY org_uid')).toEqual([
      { org_uid: 'north' },
      { org_uid: 'south' },
    ])
  })

  it('leaves nothing acknowledged when the commit fails, and takes nothing any more', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, [view('before', T0, 'c')])
    await core.db.writer.run('ALTER TABLE event_log RENAME TO event_log_gone')
    const [one, two] = ['one', 'two'].map((uid) =>
      core.pipeline.submitEvents([line(view(uid, T0 + 1, 'c'))], 'http', null),
    )
    await expect(one).rejects.toThrow()
    await expect(two).rejects.toThrow()
    await expect(core.pipeline.submitEvents([line(view('three', T0 + 2, 'c'))], 'http', null)).rejects.toThrow()
    await expect(core.pipeline.push('access', 0, messages([view('four', T0 + 3, 'c')]))).rejects.toThrow()
    await expect(core.pipeline.submitStaff([staffRecord('anna')])).rejects.toThrow()
    await expect(core.pipeline.drain()).rejects.toThrow()
    expect(core.pipeline.failure).toBeInstanceOf(Error)
    expect(core.failures).toHaveLength(1)
    expect(core.pipeline.committedOffset('access', 0)).toBeNull()
    expect(await core.db.query('SELECT event_uid FROM event_log_gone')).toEqual([{ event_uid: 'before' }])
  })

  it('tells those who wait for it that nothing more will be stored', async () => {
    await using core = await openTestCore(':memory:', { batchMaxDelayMs: 60_000 })
    await core.db.writer.run('ALTER TABLE event_log RENAME TO event_log_gone')
    await core.pipeline.push('access', 0, messages([view('one', T0, 'c')]))
    await expect(core.pipeline.drain()).rejects.toThrow()
  })
})

describe('events of a stream', () => {
  it('stores offsets with the events and drops what it has taken before', async () => {
    await inFolder(async (dir) => {
      const log = messages([...views('s', T0, 20, 1000), 'broken', null, ...views('t', T0 + HOUR_MS, 5, 1000)])
      {
        await using core = await openTestCore(dir)
        expect(core.pipeline.nextOffset('access', 1)).toBeNull()
        await core.pipeline.push('access', 1, log.slice(0, 15))
        await core.pipeline.push('access', 1, log.slice(10, 24))
        expect(core.pipeline.nextOffset('access', 1)).toBe(24n)
        await core.pipeline.drain()
        expect(core.pipeline.committedOffset('access', 1)).toBe(24n)
        expect(core.pipeline.nextOffset('access', 2)).toBeNull()
      }
      await using core = await openTestCore(dir)
      expect(core.pipeline.nextOffset('access', 1)).toBe(24n)
      expect(core.pipeline.committedOffset('access', 1)).toBe(24n)
      await core.pipeline.push('access', 1, log)
      await core.pipeline.drain()
      expect(await core.db.query('SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log')).toEqual([
        { n: 25, uids: 25 },
      ])
      expect(
        await core.db.query(
          `SELECT letter_uid, reason, source, topic, partition, "offset", line, bytes, published FROM dead_letters ORDER BY "offset"`,
        ),
      ).toEqual([
        { ...LETTER, letter_uid: 'access/1/20', offset: 20, reason: 'invalid_json', bytes: 6 },
        { ...LETTER, letter_uid: 'access/1/21', offset: 21, reason: 'empty', bytes: 0 },
      ])
    })
  })

  it('knows an event that came another way before', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, [view('e1', T0, 'c1')])
    await core.pipeline.push('access', 0, messages([view('e1', T0, 'c1'), view('e2', T0, 'c1')]))
    await core.pipeline.drain()
    expect(await core.pipeline.submitEvents([line(view('e2', T0, 'c1'))], 'http', null)).toMatchObject({
      duplicates: 1,
    })
    expect(await core.db.query('SELECT event_uid, source FROM events ORDER BY event_uid')).toEqual([
      { event_uid: 'e1', source: 'http' },
      { event_uid: 'e2', source: 'kafka' },
    ])
  })

  it('takes staff records from their topic, and refuses those it cannot read', async () => {
    await using core = await openTestCore(':memory:')
    const record = { actor_uid: 'anna', status: 'active', role: 'sales', recorded_at: '2026-01-05T08:00:00Z' }
    const later = { ...record, recorded_at: NOW + TEST_CORE.maxFutureMs + 1 }
    await core.pipeline.push('staff', 0, messages([record, { actor_uid: 'bert', status: 'gone' }, 'no', null, later]))
    await core.pipeline.drain()
    expect(await core.db.query('SELECT actor_uid, role, recorded_at FROM staff_records')).toEqual([
      { actor_uid: 'anna', role: 'sales', recorded_at: Date.parse(record.recorded_at) },
    ])
    expect(await core.db.query('SELECT topic, "offset", reason FROM dead_letters ORDER BY "offset"')).toEqual([
      { topic: 'staff', offset: 1, reason: 'invalid_event' },
      { topic: 'staff', offset: 2, reason: 'invalid_json' },
      { topic: 'staff', offset: 3, reason: 'empty' },
      { topic: 'staff', offset: 4, reason: 'invalid_event' },
    ])
  })

  it('keeps what it could not use word for word only when asked to', async () => {
    await using core = await openTestCore(':memory:', { keepDeadLetterBodies: true })
    await core.pipeline.push('access', 0, messages(['not this']))
    await core.pipeline.drain()
    expect(await core.db.query('SELECT body FROM dead_letters')).toEqual([{ body: 'not this' }])
  })

  it('holds the reader up when it writes slower than messages come, and loses none', async () => {
    await using core = await openTestCore(':memory:', { batchMaxEvents: 50 })
    let room = false
    const pushed = core.pipeline.push('access', 0, messages(views('s', T0, 600, 1000))).then(() => {
      room = true
    })
    await Promise.resolve()
    expect(room).toBe(false)
    await pushed
    await core.pipeline.drain()
    expect(core.commits.every(({ events }) => events <= 50)).toBe(true)
    expect(await core.db.query('SELECT count(DISTINCT event_uid) AS n FROM event_log')).toEqual([{ n: 600 }])
  })
})

it('runs what it was asked for before it closed, and refuses what comes later', async () => {
  const core = await openTestCore(':memory:')
  const asked = core.pipeline.between(() => core.db.query('SELECT 1 AS one'))
  await core[Symbol.asyncDispose]()
  expect(await asked).toEqual([{ one: 1 }])
  await expect(core.pipeline.between(() => core.db.query('SELECT 1 AS one'))).rejects.toThrow('The store is closed.')
})

const LETTER = { source: 'kafka', topic: 'access', partition: 1, line: null, published: false }
