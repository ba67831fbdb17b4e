import { describe, expect, it } from 'vitest'
import { DAY_MS, NOW, openTestCore, submitAll } from '../support/test-core.ts'

const T0 = NOW - 40 * DAY_MS

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
