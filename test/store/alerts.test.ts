import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ALERT_STATUSES, type Alert, SEVERITIES } from '../../model/alert.ts'
import {
  type AlertState,
  alertCounts,
  getAlert,
  listAlerts,
  matchingAlerts,
  openAlerts,
  readAlerts,
  upsertAlerts,
} from '../../store/alerts.ts'
import { encodeCursor, InvalidCursor } from '../../store/cursor.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { sampleAlert, T0 } from './sample-alert.ts'

let db: Database
beforeEach(async () => {
  db = await openDatabase({ dir: ':memory:' })
})
afterEach(() => db[Symbol.asyncDispose]())

async function walk(filter: Parameters<typeof listAlerts>[1], limit: number): Promise<AlertState[]> {
  const seen: AlertState[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listAlerts>> = await listAlerts(db, filter, cursor, limit)
    seen.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return seen
}

describe('upsertAlerts', () => {
  test('a second state replaces the first, and the last of one batch holds', async () => {
    await upsertAlerts(db.writer, [sampleAlert(), sampleAlert({ alert_uid: 'b' })])
    const resolved = sampleAlert({ status: 'resolved', closed_at: T0 + 99, summary: `it’s "done" 'x' \\ 日本` })
    await upsertAlerts(db.writer, [sampleAlert({ status: 'on_hold' }), resolved])
    expect(await getAlert(db, 'alert-1')).toEqual(resolved)
    expect(
      await db.query('SELECT alert_uid, status, detectors::VARCHAR AS detectors, closed_at FROM alerts ORDER BY 1'),
    ).toEqual([
      { alert_uid: 'alert-1', status: 'resolved', detectors: '[mass-copy]', closed_at: T0 + 99 },
      { alert_uid: 'b', status: 'new', detectors: '[mass-copy]', closed_at: null },
    ])
  })

  test('belongs to the caller’s transaction', async () => {
    await db.writer.run('BEGIN')
    await upsertAlerts(db.writer, [sampleAlert()])
    expect(await getAlert(db, 'alert-1')).toBeNull()
    await db.writer.run('ROLLBACK')
    expect(await getAlert(db, 'alert-1')).toBeNull()
  })

  test('an empty batch changes nothing', async () => {
    await upsertAlerts(db.writer, [sampleAlert()])
    await upsertAlerts(db.writer, [])
    expect(await matchingAlerts(db, {}, 10)).toEqual([sampleAlert()])
  })
})

describe('listAlerts', () => {
  test('pages give every alert once, newest first, whatever the page size and the ties', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        async (offsets, limit) => {
          await db.writer.run('DELETE FROM alerts')
          const alerts = offsets.map((offset, n) => sampleAlert({ alert_uid: `a${n}`, opened_at: T0 + offset }))
          await upsertAlerts(db.writer, alerts)
          const newestFirst = alerts.toSorted(
            (a, b) => b.opened_at - a.opened_at || (a.alert_uid < b.alert_uid ? 1 : -1),
          )
          expect((await walk({}, limit)).map(({ alert_uid }) => alert_uid)).toEqual(
            newestFirst.map(({ alert_uid }) => alert_uid),
          )
        },
      ),
      { numRuns: 25 },
    )
  })

  test('every filter keeps what it names', async () => {
    const alerts = SEVERITIES.flatMap((severity, i) =>
      ALERT_STATUSES.map((status, j) =>
        sampleAlert({
          alert_uid: `${i}${j}`,
          severity,
          status,
          leaver: i % 2 === 0,
          org_uid: j === 0 ? 'other' : 'default',
          actor_uid: `u${i}`,
          detectors: j === 1 ? ['mass-view', 'slow-harvest'] : ['mass-copy'],
          opened_at: T0 + i,
        }),
      ),
    )
    await upsertAlerts(db.writer, alerts)
    const table: [Parameters<typeof listAlerts>[1], (alert: Alert) => boolean][] = [
      [{ status: ['new', 'closed'] }, (a) => a.status === 'new' || a.status === 'closed'],
      [{ severity: ['high'] }, (a) => a.severity === 'high'],
      [{ detector: ['slow-harvest', 'after-leaving'] }, (a) => a.detectors.includes('slow-harvest')],
      [{ actor: 'u2' }, (a) => a.actor_uid === 'u2'],
      [{ leaver: false }, (a) => !a.leaver],
      [{ org: 'other' }, (a) => a.org_uid === 'other'],
      [{ from: T0 + 1, to: T0 + 3 }, (a) => a.opened_at >= T0 + 1 && a.opened_at < T0 + 3],
      [{ org: 'default', leaver: true, severity: ['low'] }, (a) => a.org_uid === 'default' && a.severity === 'low'],
    ]
    for (const [filter, keeps] of table) {
      const expected = alerts.filter(keeps).map((alert) => alert.alert_uid)
      expect((await walk(filter, 3)).map((alert) => alert.alert_uid).sort()).toEqual(expected.sort())
    }
  })

  test('the state is another one after a change, and the one in which the alert is read', async () => {
    await upsertAlerts(db.writer, [sampleAlert(), sampleAlert({ alert_uid: 'b' })])
    const before = await walk({}, 10)
    await upsertAlerts(db.writer, [sampleAlert({ alert_uid: 'b', summary: 'Changed.' })])
    const [b, one] = await walk({}, 10)
    expect(before[1]).toEqual(one)
    expect(before[0]).not.toEqual(b)
    expect(await readAlerts(db, ['b', 'absent'])).toEqual([
      { state: b.state, alert: sampleAlert({ alert_uid: 'b', summary: 'Changed.' }) },
    ])
  })

  test('a cursor that it did not give out is refused', async () => {
    await upsertAlerts(db.writer, [sampleAlert(), sampleAlert({ alert_uid: 'b' })])
    const good = (await listAlerts(db, {}, null, 1)).next_cursor ?? ''
    const damaged = good.slice(0, -3) + (good.endsWith('AAA') ? 'BBB' : 'AAA')
    const foreign = encodeCursor('dead-letters', { time: T0, id: 'b' })
    for (const bad of [
      '',
      foreign,
      'x',
      '%',
      damaged,
      'a'.repeat(5_000),
      Buffer.from('[1,"a"]').toString('base64url'),
    ]) {
      await expect(listAlerts(db, {}, bad, 1)).rejects.toThrow(InvalidCursor)
    }
  })
})

test('openAlerts: not resolved or closed, and what changed lately', async () => {
  const alerts = ALERT_STATUSES.map((status, n) => sampleAlert({ alert_uid: status, status, updated_at: T0 + n }))
  await upsertAlerts(db.writer, alerts)
  const uids = async (since: number) => (await openAlerts(db, since)).map((alert) => alert.alert_uid)
  expect(await uids(T0 + 100)).toEqual(['in_progress', 'new', 'on_hold'])
  expect(await uids(T0 + 3)).toEqual(['closed', 'in_progress', 'new', 'on_hold'])
})

test('alertCounts: open, unreviewed and recent, by severity and leaver', async () => {
  expect(await alertCounts(db, 0)).toEqual([])
  await upsertAlerts(db.writer, [
    sampleAlert({ alert_uid: 'a', opened_at: T0 + 5, detected_at: T0 + 50 }),
    sampleAlert({ alert_uid: 'b', opened_at: T0 + 3, detected_at: T0 + 60 }),
    sampleAlert({ alert_uid: 'c', opened_at: T0, status: 'in_progress', severity: 'low' }),
    sampleAlert({ alert_uid: 'd', opened_at: T0, status: 'closed', severity: 'low' }),
    sampleAlert({ alert_uid: 'e', opened_at: T0 + 9, detected_at: T0 + 70, leaver: false }),
  ])
  const none = { unreviewed: 0, oldest_unreviewed_detected_at: null, opened_since: 0 }
  expect(await alertCounts(db, T0 + 5)).toEqual([
    {
      severity: 'high',
      leaver: false,
      open: 1,
      unreviewed: 1,
      oldest_unreviewed_detected_at: T0 + 70,
      opened_since: 1,
    },
    { severity: 'high', leaver: true, open: 2, unreviewed: 2, oldest_unreviewed_detected_at: T0 + 50, opened_since: 1 },
    { severity: 'low', leaver: true, open: 1, ...none },
  ])
})
