import { describe, expect, it } from 'vitest'
import type { RiskCuts } from '../../detectors/risk/role-calibration.ts'
import { EVENT_LIMITS } from '../../model/event.ts'
import { measureOfSlot } from '../../model/measure.ts'
import { alertEvents } from '../../store/alert-events.ts'
import { matchingAlerts } from '../../store/alerts.ts'
import {
  DAY_MS,
  HOUR_MS,
  inFolder,
  line,
  MINUTE_MS,
  messages,
  NOW,
  openTestCore,
  staffRecord,
  storedOutcome,
  submitAll,
  type TestCore,
  view,
  views,
} from '../support/test-core.ts'

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
    await core.pipeline.push('staff', 0, messages([record, { actor_uid: 'bert', status: 'gone' }, 'no', null]))
    await core.pipeline.drain()
    expect(await core.db.query('SELECT actor_uid, role, recorded_at FROM staff_records')).toEqual([
      { actor_uid: 'anna', role: 'sales', recorded_at: Date.parse(record.recorded_at) },
    ])
    expect(await core.db.query('SELECT topic, "offset", reason FROM dead_letters ORDER BY "offset"')).toEqual([
      { topic: 'staff', offset: 1, reason: 'invalid_event' },
      { topic: 'staff', offset: 2, reason: 'invalid_json' },
      { topic: 'staff', offset: 3, reason: 'empty' },
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

const LETTER = { source: 'kafka', topic: 'access', partition: 1, line: null, published: false }

describe('the view `events`', () => {
  const full = {
    event_uid: 'full-1',
    time: T0 + 123,
    org_uid: 'müller-gmbh',
    source_product: 'salesforce',
    source_event_type: 'ReportExport',
    actor_uid: 'jürgen.groß',
    actor_name: 'Jürgen Groß',
    actor_type: 'integration',
    on_behalf_of_uid: 'åsa',
    action: 'export',
    object_type: 'contact',
    object_uids: ['z-1', 'ä-2', '客户-3', 'ä-2', 'a"4,]'],
    object_uids_complete: false,
    record_count: 812,
    record_count_basis: 'estimated',
    logical_op_uid: 'op "7"',
    chunk_seq: 3,
    owner_uids: ['åsa', 'ben, jr.'],
    columns: ['phone', 'E-Mail "privat"', 'Straße, Nr.'],
    has_contact_fields: true,
    channel: 'report',
    src_ip: '2001:db8::7',
    user_agent: 'Mozilla/5.0 (X11) "x"',
    session_uid: 's-🔑',
    device_uid: 'd1',
    client_app: 'Dataloader',
    recipient_uids: ['x@example.com', "o'hara@example.com"],
    query_text: "SELECT name FROM contact WHERE city = 'Köln'\n\t-- \\",
    export_format: 'csv',
    bytes: 9_007_199_254_740_991,
    outcome: 'failure',
    raw_ref: 's3://bucket/key?x=1&y=2',
  }

  it('gives every field back as it was sent', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, [full])
    const [{ seq, ...row }] = await core.db.query<Record<string, unknown>>(
      'SELECT * REPLACE (epoch_ms(time) AS time, epoch_ms(ingested_time) AS ingested_time) FROM events',
    )
    expect(seq).toBe(0)
    expect(row).toEqual({ ...full, excluded: false, ingested_time: NOW, source: 'http' })
  })

  it('gives one record, one owner and one of each list back', async () => {
    await using core = await openTestCore(':memory:')
    const event = { ...full, object_uids: ['ä-1'], owner_uids: ['åsa'], columns: ['phone'], recipient_uids: ['x@y'] }
    await submitAll(core, [event])
    const [row] = await core.db.query<object>('SELECT object_uids, owner_uids, columns, recipient_uids FROM events')
    expect(row).toEqual({ object_uids: ['ä-1'], owner_uids: ['åsa'], columns: ['phone'], recipient_uids: ['x@y'] })
  })

  it('leaves unknown what was not said', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, [
      { event_uid: 'a', time: T0, actor_uid: 'anna', action: 'export' },
      { event_uid: 'b', time: T0, actor_uid: 'anna', action: 'export', record_count: 5, record_count_basis: 'unknown' },
      {
        event_uid: 'c',
        time: T0,
        actor_uid: 'anna',
        action: 'export',
        object_uids: ['x'],
        object_uids_complete: false,
      },
      { event_uid: 'd', time: T0, actor_uid: 'anna', action: 'export', object_uids: ['x', 'y'] },
      { event_uid: 'e', time: T0, actor_uid: 'anna', action: 'export', record_count: 0 },
    ])
    expect(
      await core.db.query('SELECT event_uid, record_count, record_count_basis FROM events ORDER BY event_uid'),
    ).toEqual([
      { event_uid: 'a', record_count: null, record_count_basis: 'unknown' },
      { event_uid: 'b', record_count: null, record_count_basis: 'unknown' },
      { event_uid: 'c', record_count: null, record_count_basis: 'unknown' },
      { event_uid: 'd', record_count: 2, record_count_basis: 'ids_counted' },
      { event_uid: 'e', record_count: 0, record_count_basis: 'reported' },
    ])
    const [{ event_uid: _, time: __, ...row }] = await core.db.query<Record<string, unknown>>(
      `SELECT * EXCLUDE (seq, ingested_time, source) FROM events WHERE event_uid = 'a'`,
    )
    expect(row).toEqual({
      ...Object.fromEntries(Object.keys(row).map((name) => [name, null])),
      excluded: false,
      org_uid: 'default',
      actor_uid: 'anna',
      actor_type: 'user',
      action: 'export',
      object_type: 'unknown',
      object_uids: [],
      object_uids_complete: true,
      record_count_basis: 'unknown',
      owner_uids: [],
      columns: [],
      recipient_uids: [],
      outcome: 'success',
    })
  })

  it('gives an event without an id the same one each time, and another event another', async () => {
    await using core = await openTestCore(':memory:')
    const event = { time: T0, actor_uid: 'anna', action: 'view', object_uids: ['c1'] }
    await submitAll(core, [event, event, { ...event, object_uids: ['c2'] }])
    expect(await core.db.query('SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log')).toEqual([
      { n: 2, uids: 2 },
    ])
  })
})

/** Forty quiet days of four people, who change every other contact that they open, and a day on which Anna opens far too much. */
function story(): ReturnType<typeof views> {
  const events = []
  for (let day = 0; day < 40; day++) {
    for (const [n, actor] of ['anna', 'bert', 'cleo', 'dora'].entries()) {
      const start = T0 + day * DAY_MS + 9 * HOUR_MS + n * MINUTE_MS
      const opened = views(`${actor}-${day}`, start, 6 + ((day * 7 + n * 3) % 5), 20 * MINUTE_MS, actor)
      const changed = opened
        .filter((_, i) => i % 2 === 0)
        .map((view) => ({
          ...view,
          event_uid: `${view.event_uid}-changed`,
          time: view.time + MINUTE_MS,
          action: 'update' as const,
        }))
      events.push(...opened, ...changed)
    }
  }
  events.push(...views('theft', T0 + 36 * DAY_MS + 14 * HOUR_MS, 520, 15_000))
  return events.sort((a, b) => a.time - b.time)
}

describe('late events', () => {
  it('leave the same alerts and baselines as if they had come in time', async () => {
    const events = story()
    await using inOrder = await openTestCore(':memory:', { cuts: BURSTS_ONLY })
    await submitAll(inOrder, events)
    const wanted = await storedOutcome(inOrder)
    expect(wanted.alerts).toMatchObject([{ actor_uid: 'anna' }])

    // Each held back by more than the tolerance, most beyond the end of their day, among them half of the theft.
    const late = new Set(
      events.filter((event, i) => i % 17 === 3 || (event.event_uid.startsWith('theft') && i % 2 === 0)),
    )
    const arrival = events
      .map((event, i) => ({ event, at: late.has(event) ? i + 60 + ((i * 37) % 200) : i }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event)
    expect(arrival).not.toEqual(events)
    await using disordered = await openTestCore(':memory:', { cuts: BURSTS_ONLY })
    await submitAll(disordered, arrival, 90)
    const got = await storedOutcome(disordered)
    expect(ownDays(got)).toEqual(ownDays(wanted))
    // The alert itself opened with what was known at the time; what it says is the same in the end.
    const gist = ({ alerts }: Outcome) =>
      alerts.map(({ actor_uid, detectors }) => ({ actor_uid, detectors: [...detectors].sort() }))
    expect(gist(got)).toEqual(gist(wanted))
    // The very count at which the cut is reached depends on what peers' days, late ones too, have taught.
    const [first, firstWanted] = [got, wanted].map(({ alerts }) => alerts[0].findings[0].time)
    expect(Math.abs(first - firstWanted)).toBeLessThanOrEqual(2 * MINUTE_MS)
    expect(got.alerts[0].score).toBeCloseTo(wanted.alerts[0].score, -1)
    expect(await disordered.db.query('SELECT * FROM refold_queue')).toEqual([])
    expect(ownCounts(disordered)).toEqual(ownCounts(inOrder))
  })

  it('are folded whole while others read the store', async () => {
    await inFolder(async (dir) => {
      const events = views('v', T0, 30_000, 60_000)
      const [late] = views('late', T0 + DAY_MS + 1, 1, 0)
      await using wanted = await openTestCore(':memory:')
      await submitAll(
        wanted,
        [...events, late].sort((a, b) => a.time - b.time),
        2_000,
      )
      await using core = await openTestCore(dir)
      await submitAll(core, events, 2_000)
      const refolded = submitAll(core, [late]).then(() => core.pipeline.drain())
      let over = false
      void refolded.finally(() => {
        over = true
      })
      while (!over) await core.db.query('SELECT count(*) FROM events WHERE actor_uid = ?', ['anna'])
      await refolded
      expect(ownDays(await storedOutcome(core))).toEqual(ownDays(await storedOutcome(wanted)))
      expect(ownCounts(core)).toEqual(ownCounts(wanted))
    })
  })

  it('stay asked for in the store until they have been dealt with, a notice that comes meanwhile too', async () => {
    const looks: Promise<{ waiting: number; asked: number }>[] = []
    const notice = staffRecord('anna', { status: 'notice', recorded_at: T0 + 3 * DAY_MS })
    let noticed: Promise<void> | null = null
    await using core = await openTestCore(':memory:', {
      hooks: {
        committed: () => {
          const waiting = core.pipeline.refoldsWaiting
          if (waiting === 0 && noticed === null) return
          noticed ??= core.pipeline.submitStaff([notice])
          const asked = core.db.query<{ n: number }>('SELECT count(*) AS n FROM refold_queue')
          looks.push(asked.then(([{ n }]) => ({ waiting, asked: n })))
        },
      },
    })
    await submitAll(core, views('v', T0, 3_000, 60_000))
    await submitAll(core, [view('late', T0 + HOUR_MS + 1, 'late')])
    await core.pipeline.drain()
    await noticed
    await core.pipeline.drain()
    const seen = await Promise.all(looks)
    expect(seen.filter(({ waiting }) => waiting > 0).length).toBeGreaterThan(1)
    expect(seen.filter(({ waiting, asked }) => waiting > 0 && asked === 0)).toEqual([])
    expect(await core.db.query('SELECT * FROM refold_queue')).toEqual([])
  })

  it('are asked of the store when they are older than what is remembered', async () => {
    await using core = await openTestCore(':memory:')
    await submitAll(core, [view('old', T0, 'c1'), view('new', T0 + DAY_MS, 'c2')])
    core.seen.forgetUpTo(T0 + DAY_MS)
    const fresh = view('fresh', T0 + HOUR_MS, 'c3')
    const unseen = [view('old-2', T0, 'c1'), fresh, fresh]
    const result = await core.pipeline.submitEvents(unseen.map(line), 'http', null)
    expect(result).toMatchObject({ accepted: 2, duplicates: 1 })
    await core.pipeline.drain()
    expect(await core.db.query('SELECT event_uid FROM event_log ORDER BY event_uid')).toEqual(
      ['fresh', 'new', 'old', 'old-2'].map((event_uid) => ({ event_uid })),
    )
  })
})

describe('a notice', () => {
  it('has the past ninety days examined again at the tighter limit, and says when it became known', async () => {
    await using core = await openTestCore(':memory:', { cuts: LEAVERS_ONLY })
    await core.pipeline.submitStaff(everybody)
    const events = story().filter(({ event_uid }) => !event_uid.startsWith('theft'))
    // More than a leaver may, less than the others may.
    const bold = T0 + 30 * DAY_MS + 14 * HOUR_MS
    events.push(...views('bold', bold, 150, 60_000))
    await submitAll(
      core,
      events.sort((a, b) => a.time - b.time),
    )
    expect((await storedOutcome(core)).alerts).toEqual([])

    const noticeAt = T0 + 39 * DAY_MS + 20 * HOUR_MS
    await core.pipeline.submitStaff([
      staffRecord('anna', {
        status: 'notice',
        notice_on: '2026-05-31',
        last_working_day: '2026-06-30',
        recorded_at: noticeAt,
      }),
    ])
    const { alerts } = await storedOutcome(core)
    expect(alerts).toMatchObject([{ actor_uid: 'anna', opened_at: noticeAt, leaver: true, status: 'new' }])
    const [{ findings }] = alerts
    expect(findings.every((finding: { look_back: boolean }) => finding.look_back)).toBe(true)
    for (const { time } of findings) {
      expect(time).toBeGreaterThanOrEqual(bold)
      // Four weeks long the widest window still holds it.
      expect(time).toBeLessThan(bold + 29 * DAY_MS)
    }
    const items = await matchingAlerts(core.db, {}, 10)
    const evidence = await alertEvents(core.db, items[0], null, 1000)
    expect(evidence.items.filter(({ event_uid }) => event_uid.startsWith('bold')).length).toBeGreaterThan(20)
    expect(await core.db.query('SELECT * FROM refold_queue')).toEqual([])
  })

  it('changes nothing for somebody whose past is quiet, nor when it comes a second time', async () => {
    await using core = await openTestCore(':memory:')
    await core.pipeline.submitStaff(everybody)
    await submitAll(
      core,
      story().filter(({ event_uid }) => !event_uid.startsWith('theft')),
    )
    const before = await storedOutcome(core)
    const notice = staffRecord('bert', { status: 'notice', recorded_at: T0 + 39 * DAY_MS + 20 * HOUR_MS })
    await core.pipeline.submitStaff([notice])
    await core.pipeline.submitStaff([notice])
    const after = await storedOutcome(core)
    expect(after.alerts).toEqual([])
    expect(after.dayPeaks).toEqual(before.dayPeaks)
    expect(await core.db.query('SELECT count(*) AS n FROM staff_records')).toEqual([{ n: 5 }])
  })
})

type Outcome = Awaited<ReturnType<typeof storedOutcome>>

/**
 * What follows from one's own events alone. A CUSUM, and which hours are not one's own, are measured against peers too,
 * whose days may have come late.
 */
const ownDays = ({ dayPeaks }: Outcome) =>
  dayPeaks.map(({ cusum: _, ...row }) => {
    const peaks = JSON.parse(row.peaks)
    return { ...row, peaks: peaks.filter((__: number, slot: number) => measureOfSlot(slot) !== 'contacts_off_hours') }
  })

function ownCounts({ codes, engine }: TestCore) {
  return Object.fromEntries(
    Array.from({ length: codes.actorCount }, (_, code) => [
      codes.uidOfActor(code),
      engine
        .slots(code)
        .filter(({ slot }) => measureOfSlot(slot) !== 'contacts_off_hours')
        .map(({ slot, count, days }) => ({ slot, count, days })),
    ]),
  )
}

const everybody = ['anna', 'bert', 'cleo', 'dora'].map((actor) => staffRecord(actor))

/** Far from what anybody does but the thief, so that peers' days that come late cannot tip the scales. */
const BURSTS_ONLY: RiskCuts = { ordinary: 8, leaver: 8 }

/** Ordinary staff may do what they like; leavers may not. */
const LEAVERS_ONLY: RiskCuts = { ordinary: 1e9, leaver: 6 }
