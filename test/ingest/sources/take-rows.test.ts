import { describe, expect, it } from 'vitest'
import { retryLetters } from '../../../ingest/sources/retry-letters.ts'
import { takeDocument } from '../../../ingest/sources/take-document.ts'
import { OTHER_TYPES, SOURCE_LIMITS } from '../../../ingest/sources/write-tallies.ts'
import { slotOf } from '../../../model/measure.ts'
import { readUnmapped } from '../../../store/source-records.ts'
import { accessRows, EVENT_LOG_HEADER, eventLogCsv, eventLogRow } from '../../support/event-log-csv.ts'
import { inFolder, messages, openTestCore } from '../../support/test-core.ts'
import { amountOf, counted, rowOptions, sourceOf, take } from './source-core.ts'

const EVENT_LOG = { adapter: 'salesforce-event-log-file', org: 'acme' }
const events = 'SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log'

describe('the three outcomes', () => {
  it('are kept apart in the answer and in the store', async () => {
    await using core = await openTestCore(':memory:')
    const source = sourceOf(EVENT_LOG)
    const broken = eventLogRow(0).replaceAll('2026', '1926')
    const csv = `${eventLogCsv(0, 8)}${broken}\n${EVENT_LOG_HEADER}\n`
    expect(await take(core, source, csv, 'csv')).toEqual({
      records: 10,
      accepted: 6,
      duplicates: 0,
      ignored: { LightningInteraction: 2 },
      rejected: [
        { line: 9, reason: expect.stringContaining('time') },
        { line: 10, reason: expect.stringContaining('names of the columns') },
      ],
    })
    expect(await counted(core)).toEqual({
      accepted: 6,
      'ignored LightningInteraction': 2,
      'rejected header_row': 1,
      'rejected time_too_old': 1,
    })
    expect(await core.db.query('SELECT line, source, reason FROM dead_letters ORDER BY line')).toEqual([
      { line: 9, source: 'crm', reason: 'time_too_old' },
      { line: 10, source: 'crm', reason: 'header_row' },
    ])
  })

  it('leave what `actions` does not name ignored', async () => {
    await using core = await openTestCore(':memory:')
    const source = sourceOf({ ...EVENT_LOG, actions: ['export'] })
    expect(await take(core, source, eventLogCsv(0, 4), 'csv')).toMatchObject({
      accepted: 0,
      ignored: { LightningInteraction: 1, 'not among actions: view': 3 },
    })
  })

  it('refuse people for whom the tenant has no room, each event with a letter of its own', async () => {
    await using core = await openTestCore(':memory:', { maxPeople: 2 })
    await take(core, sourceOf(EVENT_LOG), eventLogCsv(0, 8), 'csv')
    const uids = await core.db.query<{ uids: number }>('SELECT count(DISTINCT letter_uid) AS uids FROM dead_letters')
    expect(await counted(core)).toMatchObject({ accepted: 2, 'rejected too_many_people': 4 })
    expect(uids).toEqual([{ uids: 4 }])
    expect(core.codes.roomForActors('acme')).toBe(0)
  })

  it('count types of a source without end together', async () => {
    await using core = await openTestCore(':memory:')
    const types = SOURCE_LIMITS.ignoredTypes + 20
    const rows = Array.from({ length: types }, (_, n) => eventLogRow(3).replace('LightningInteraction', `Type${n}`))
    await take(core, sourceOf(EVENT_LOG), [EVENT_LOG_HEADER, ...rows].join('\n'), 'csv')
    const words = await counted(core)
    expect(Object.keys(words)).toHaveLength(SOURCE_LIMITS.ignoredTypes + 1)
    expect(words[`ignored ${OTHER_TYPES}`]).toBe(20)
  })
})

describe('counts', () => {
  it('are right for a hand-over that is larger than a batch', async () => {
    await using core = await openTestCore(':memory:', { batchMaxEvents: 3 })
    expect(await take(core, sourceOf(EVENT_LOG), eventLogCsv(0, 100), 'csv')).toMatchObject({ accepted: 75 })
    expect(await core.db.query(events)).toEqual([{ n: 75, uids: 75 }])
    expect(await counted(core)).toEqual({ accepted: 75, 'ignored LightningInteraction': 25 })
  })

  it('do not change when the same rows come again, by whatever way and after a restart', async () => {
    await inFolder(async (dir) => {
      const source = sourceOf(EVENT_LOG)
      {
        await using core = await openTestCore(dir, { streams: new Map([['topic', source]]) })
        await take(core, source, eventLogCsv(0, 40), 'csv')
        await core.pipeline.push('topic', 0, messages([eventLogCsv(20, 60)]))
        await core.pipeline.drain()
      }
      await using core = await openTestCore(dir, { streams: new Map([['topic', source]]) })
      const again = await take(core, source, eventLogCsv(0, 60), 'csv')
      expect(again).toMatchObject({ accepted: 0, duplicates: accessRows(0, 60) })
      // A stream's message is taken once by its offset, so that it is not even counted again.
      await core.pipeline.push('topic', 0, messages([eventLogCsv(20, 60)]))
      await core.pipeline.drain()
      expect(await core.db.query(events)).toEqual([{ n: 45, uids: 45 }])
      expect(await counted(core)).toMatchObject({ accepted: 45, duplicate: 15 + 45 })
    })
  })

  it('tell rows apart that share a request id', async () => {
    await using core = await openTestCore(':memory:')
    const rows = [0, 50].map((row) => eventLogRow(row))
    expect(rows.every((row) => row.includes('TID:0'))).toBe(true)
    const csv = [EVENT_LOG_HEADER, ...rows].join('\n')
    expect(await take(core, sourceOf(EVENT_LOG), csv, 'csv')).toMatchObject({ accepted: 2, duplicates: 0 })
  })

  const chunk = (sequence: number) => ({
    channel: '/event/ReportEventStream',
    data: {
      schema: 'x',
      payload: {
        EventDate: `2026-05-31T10:00:${10 + sequence}.000Z`,
        EventIdentifier: `7c1d0a00-0000-4000-8000-0000000000${10 + sequence}`,
        UserId: '0055e00000UserAAAR',
        Username: 'a@example.com',
        Operation: 'ReportExported',
        ReportId: '00O5e00000Rec01EAB',
        RowsProcessed: 1050,
        ExecutionIdentifier: '8c1d0a00-0000-4000-8000-000000000001',
        Sequence: sequence,
        QueriedEntities: 'Contact',
      },
      event: { replayId: sequence },
    },
  })
  const taken = slotOf('records_taken', '7d')
  const actor = '0055e00000UserAAAR'

  it('take an operation in chunks once, in any order, over bodies, messages and a restart', async () => {
    await inFolder(async (dir) => {
      const source = sourceOf({ adapter: 'salesforce-real-time-events', org: 'acme' })
      const streams = new Map([['topic', source]])
      {
        await using core = await openTestCore(dir, { streams })
        expect(await take(core, source, JSON.stringify([chunk(7), chunk(2)]))).toMatchObject({ accepted: 2 })
        await take(core, source, `${JSON.stringify(chunk(5))}\n${JSON.stringify(chunk(9))}\n`)
        expect(amountOf(core, 'acme', actor, taken)).toBe(1050)
      }
      await using core = await openTestCore(dir, { streams })
      await core.pipeline.push('topic', 0, messages([chunk(4), chunk(7), chunk(12)]))
      await core.pipeline.drain()
      expect(amountOf(core, 'acme', actor, taken)).toBe(1050)
      expect(await counted(core)).toEqual({ accepted: 6, duplicate: 1 })
    })
  })
})

describe('messages', () => {
  it('may hold one row, several, or none', async () => {
    const source = sourceOf(EVENT_LOG)
    await using core = await openTestCore(':memory:', { streams: new Map([['topic', source]]) })
    await core.pipeline.push(
      'topic',
      2,
      messages([eventLogCsv(0, 3), null, EVENT_LOG_HEADER, '', 'x', eventLogCsv(4, 6)]),
    )
    await core.pipeline.drain()
    expect(await counted(core)).toMatchObject({ accepted: 5, 'rejected empty': 4 })
    const letters = await core.db.query(
      'SELECT letter_uid, line, "offset", partition FROM dead_letters ORDER BY letter_uid',
    )
    expect(letters).toEqual(
      [1, 2, 3, 4].map((offset) => ({ letter_uid: `topic/2/${offset}`, line: null, offset, partition: 2 })),
    )
    expect(core.pipeline.committedOffset('topic', 2)).toBe(6n)
  })
})

describe('users', () => {
  const csv = 'native_uid,actor_uid\n0055e00000Use00,anna\n0055e00000Use01,bert\n'

  it('are called as the staff feed does, and reported when the map does not know them', async () => {
    await using core = await openTestCore(':memory:')
    const source = sourceOf(EVENT_LOG, csv)
    await take(core, source, eventLogCsv(0, 14), 'csv')
    const actors = await core.db.query<{ actor_uid: string }>('SELECT DISTINCT actor_uid FROM events ORDER BY 1')
    const uids = actors.map(({ actor_uid }) => actor_uid)
    expect(uids).toContain('anna')
    expect(uids).toContain('bert')
    expect(uids).toContain('0055e00000Use02AAB')
    const unmapped = await readUnmapped(core.db, 'crm')
    expect(unmapped.map(({ native_uid }) => native_uid).sort()).toEqual(uids.filter((uid) => uid.startsWith('005')))
    expect(unmapped.reduce((all, { rows }) => all + rows, 0)).toBe(
      accessRows(0, 14) - [0, 1, 7, 8].filter((row) => row % 4 !== 3).length,
    )
  })

  it('are both visible when one acts for another', async () => {
    await using core = await openTestCore(':memory:')
    const row = {
      EVENT_TYPE: 'LoginAs',
      TIMESTAMP: '20260302100000.000',
      USER_ID: '0055e00000Use01',
      DELEGATED_USER_ID: '0055e00000Use00',
      CLIENT_IP: '203.0.113.1',
    }
    expect(await take(core, sourceOf(EVENT_LOG, csv), JSON.stringify(row))).toMatchObject({ accepted: 1 })
    expect(await core.db.query('SELECT actor_uid, on_behalf_of_uid FROM events')).toEqual([
      { actor_uid: 'anna', on_behalf_of_uid: 'bert' },
    ])
  })

  it('are found in the store under another name when the map has changed', async () => {
    await using core = await openTestCore(':memory:')
    await take(core, sourceOf(EVENT_LOG), eventLogCsv(0, 8), 'csv')
    expect(await take(core, sourceOf(EVENT_LOG, csv), eventLogCsv(0, 8), 'csv')).toMatchObject({ duplicates: 6 })
  })

  it('are kept up to a bound', async () => {
    await using core = await openTestCore(':memory:')
    const most = SOURCE_LIMITS.unmappedUsers
    const rows = Array.from({ length: most + 5 }, (_, n) => ({ who: `user-${n}`, at: '2026-05-01T10:00:00Z' }))
    const mapping = 'actor: who\ntime: at\naction: view\n'
    const source = sourceOf({ adapter: 'mapped', options: { mapping } }, csv)
    await take(core, source, JSON.stringify(rows))
    expect(await readUnmapped(core.db, 'crm')).toHaveLength(most)
  })
})

describe('dead letters', () => {
  const mapping = (column: string) =>
    `actor: who\ntime: at\naction: { from: ${column}, words: { open: view, tick: ignore }, otherwise: reject }\n`
  const sourceWith = (column: string) => sourceOf({ adapter: 'mapped', options: { mapping: mapping(column) } })
  const csv = `who,at,what\nanna,2026-05-01T10:00:00Z,open\nanna,2026-05-01T10:00:01Z,tick\n,2026-05-01T10:00:02Z,open\n`

  it('are read again with the mapping of today, and count once', async () => {
    await using core = await openTestCore(':memory:')
    const parts = { db: core.db, takeRows: core.pipeline.takeRows, rowOptions }
    const first = await take(core, sourceWith('whta'), csv, 'csv')
    expect(first).toMatchObject({ accepted: 0, records: 3 })
    expect(first.rejected).toHaveLength(3)
    expect(await retryLetters(sourceWith('what'), parts)).toEqual({
      retried: 3,
      accepted: 1,
      duplicates: 0,
      ignored: 1,
      rejected: 1,
      next: null,
    })
    expect(await core.db.query('SELECT reason, body FROM dead_letters')).toEqual([
      { reason: 'missing_actor', body: 'who,at,what\n,2026-05-01T10:00:02Z,open' },
    ])
    const words = await counted(core)
    expect(words).toMatchObject({ accepted: 1, 'ignored tick': 1, 'rejected missing_actor': 1 })
    // The same file with the mended mapping brings nothing that the letters have not brought.
    expect(await take(core, sourceWith('what'), csv, 'csv')).toMatchObject({ accepted: 0, duplicates: 1 })
    expect(await retryLetters(sourceWith('what'), parts)).toMatchObject({ retried: 2, accepted: 0, rejected: 2 })
  })

  it('are all read in the end, however many are still refused', async () => {
    await using core = await openTestCore(':memory:')
    const parts = { db: core.db, takeRows: core.pipeline.takeRows, rowOptions }
    const bad = Array.from({ length: 9 }, (_, n) => `,2026-05-01T10:00:0${n}Z,open\n`).join('')
    await take(core, sourceWith('whta'), csv + bad, 'csv')
    let next: string | null = null
    const calls = []
    do {
      const result: Awaited<ReturnType<typeof retryLetters>> = await retryLetters(sourceWith('what'), parts, next, 5)
      calls.push(result.retried)
      next = result.next
    } while (next !== null)
    expect(calls).toEqual([5, 5, 2])
    expect(await counted(core)).toMatchObject({ accepted: 1, 'ignored tick': 1, 'rejected missing_actor': 10 })
  })

  it('are not read again where bodies are not kept', async () => {
    await using core = await openTestCore(':memory:')
    const parts = { db: core.db, takeRows: core.pipeline.takeRows, rowOptions }
    const messagesSource = sourceWith('whta')
    const hand = { takeRows: core.pipeline.takeRows, rowOptions: () => rowOptions(false) }
    await takeDocument(Buffer.from(csv), 'csv', messagesSource, 10, hand)
    expect(await core.db.query('SELECT DISTINCT body FROM dead_letters')).toEqual([{ body: null }])
    expect(await retryLetters(sourceWith('what'), parts)).toMatchObject({ retried: 0 })
  })
})
