import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACTIONS, ContactAccessEvent } from '../../model/event.ts'
import { alertEvents } from '../../store/alert-events.ts'
import { InvalidCursor } from '../../store/cursor.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { sampleAlert, sampleFinding, T0 } from './sample-alert.ts'

let db: Database
const MINUTE = 60_000

/** A log of 2,000 events: actors, kinds and times all mixed, several events per millisecond of time. */
beforeAll(async () => {
  db = await openDatabase({ dir: ':memory:' })
  const actions = `['${ACTIONS.join("', '")}']`
  await db.writer.run(`
    INSERT INTO actors VALUES (0, 'default', 'u-17'), (1, 'other', 'u-17'), (2, 'default', 'u-18');
    INSERT INTO objects SELECT i, i, i, 'default', 'c-' || i FROM range(50) t(i);
    INSERT INTO origins VALUES (0, 0, 0, '10.0.0.1', 'Browser', 's-1', NULL), (1, 1, 1, NULL, NULL, NULL, NULL);
    INSERT INTO kinds SELECT i, 'http', 'crm', 'row', 'user', (${actions})[i + 1], 'contact', true, 'ids_counted', true,
      'ui', NULL, NULL, 'success', false FROM range(${ACTIONS.length}) t(i);
    INSERT INTO event_log SELECT i, ${T0} + (i // 3) * ${MINUTE} - 400 * ${MINUTE}, ${T0} + i, i % 3,
      (i // 3) % ${ACTIONS.length}, i % 2,
      CASE WHEN i % 5 = 0 THEN NULL ELSE i % 50 END, CASE WHEN i % 4 = 0 THEN 2 END, CASE WHEN i % 7 > 0 THEN i END,
      'e-' || i, CASE WHEN i % 10 = 0 THEN [i % 50, (i + 7) % 50, (i + 3) % 50] END,
      CASE WHEN i % 6 = 0 THEN '{"actor_name":"Ö \\"x\\"","on_behalf_of_uid":"u-1","logical_op_uid":"op","chunk_seq":3,' ||
        '"owner_uids":["o1","o2"],"columns":["phone"],"recipient_uids":["r"],"query_text":"q","bytes":12,"raw_ref":"h"}' END
    FROM range(2000) t(i)`)
})
afterAll(() => db[Symbol.asyncDispose]())

async function evidence(findings: Parameters<typeof sampleAlert>[0], limit = 200) {
  const alert = sampleAlert(findings)
  const events: ContactAccessEvent[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof alertEvents>> = await alertEvents(db, alert, cursor, limit)
    expect(page.items.length).toBeLessThanOrEqual(limit)
    events.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return events
}

const span = (from: number, to: number) => ({ window_from: T0 + from * MINUTE, window_to: T0 + to * MINUTE })

test.each([
  ['contacts_viewed', ['view']],
  ['contacts_copied', ['copy']],
  ['records_taken', ['export', 'print', 'download', 'share', 'bulk_read', 'api_read']],
  ['unsized_exports', ['export', 'print', 'download', 'share', 'bulk_read', 'api_read']],
  ['records_listed', ['list', 'search']],
  [null, [...ACTIONS]],
] as const)('a finding about %s stands on its own actions, as the view shows them', async (measure, actions) => {
  const found = await evidence({ findings: [sampleFinding({ measure, ...span(-100, 0) })] }, 7)
  const marks = actions.map(() => '?').join(', ')
  const viewed = await db.query<Record<string, unknown>>(
    `SELECT * EXCLUDE (seq, excluded, source, time, ingested_time), epoch_ms(time) AS time, epoch_ms(ingested_time) AS ingested_time
     FROM events WHERE org_uid = 'default' AND actor_uid = 'u-17' AND action IN (${marks})
       AND epoch_ms(time) BETWEEN ? AND ? ORDER BY time, seq`,
    [...actions, T0 - 100 * MINUTE, T0],
  )
  expect(found.length).toBeGreaterThan(5)
  expect(found).toEqual(viewed)
  const check = Compile(ContactAccessEvent)
  for (const event of found) expect(check.Errors(event)).toEqual([])
})

test('several findings: each event once, each window with its own actions', async () => {
  const events = await evidence({
    findings: [
      sampleFinding({ measure: 'contacts_viewed', ...span(-100, -50) }),
      sampleFinding({ measure: 'contacts_viewed', ...span(-80, -20) }),
      sampleFinding({ measure: 'contacts_viewed', ...span(-70, -60) }),
      sampleFinding({ measure: 'contacts_copied', ...span(-30, 0) }),
      sampleFinding({ measure: 'contacts_viewed', ...span(100, 200) }),
    ],
  })
  expect(new Set(events.map((event) => event.event_uid)).size).toBe(events.length)
  const minutes = (action: string) =>
    events.filter((event) => event.action === action).map((event) => (event.time - T0) / MINUTE)
  expect(new Set(events.map((event) => event.action))).toEqual(new Set(['view', 'copy']))
  expect(minutes('view').every((m) => (m >= -100 && m <= -20) || (m >= 100 && m <= 200))).toBe(true)
  expect(minutes('view').some((m) => m >= 100)).toBe(true)
  expect(minutes('view').some((m) => m > -50 && m <= -20)).toBe(true)
  expect(minutes('copy').every((m) => m >= -30 && m <= 0)).toBe(true)
})

test('the order is kept and the page size makes no difference', async () => {
  const findings = [sampleFinding({ measure: null, ...span(-60, 30) })]
  const whole = await evidence({ findings })
  expect(await evidence({ findings }, 1)).toEqual(whole)
  expect(whole.map((event) => event.time)).toEqual(whole.map((event) => event.time).toSorted((a, b) => a - b))
})

test('no findings, an actor without events, a foreign cursor', async () => {
  expect(await evidence({ findings: [] })).toEqual([])
  expect(await evidence({ actor_uid: 'nobody' })).toEqual([])
  await expect(alertEvents(db, sampleAlert(), 'bm9wZQ', 10)).rejects.toThrow(InvalidCursor)
})
