import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { openDatabase } from '../../../store/database.ts'
import { loadDictionaries } from '../../../store/dictionaries.ts'
import { readRules } from '../../detectors/custom/rule-bench.ts'
import {
  HOUR_MS,
  inFolder,
  line,
  MINUTE_MS,
  messages,
  NOW,
  openTestCore,
  storedOutcome,
  submitAll,
} from '../../support/test-core.ts'

/** A program that cuts texts by UTF-16 units leaves half of a smiley behind. */
const HALF = '\ud83d'
const customRules = readRules(`
title: Often the same program
name: same-program
level: high
correlation: { type: event_count, rules: [access], group-by: [client_app, actor_name], timespan: 10m, condition: { gte: 3 } }
---
title: An access
name: access
detection: { s: { action: '*' }, condition: s }
`)
const TEXTS = [
  'event_uid',
  'actor_uid',
  'actor_name',
  'source_product',
  'source_event_type',
  'on_behalf_of_uid',
  'logical_op_uid',
  'src_ip',
  'user_agent',
  'session_uid',
  'device_uid',
  'client_app',
  'query_text',
  'export_format',
  'raw_ref',
]
const LISTS = ['object_uids', 'owner_uids', 'recipient_uids', 'columns']

const eventOf = (n: number) => ({
  ...Object.fromEntries(TEXTS.map((name) => [name, `${name} ${HALF}`])),
  ...Object.fromEntries(LISTS.map((name) => [name, [`${name} ${HALF}`, `${n}`]])),
  event_uid: `e${n}${HALF}`,
  time: NOW - HOUR_MS + n * MINUTE_MS,
  action: 'copy',
  object_type: 'contact',
})

it('halves of surrogate pairs in whatever text are U+FFFD everywhere, and the store opens again', async () => {
  await inFolder(async (dir) => {
    const stored = await (async () => {
      await using core = await openTestCore(dir, { customRules })
      await submitAll(
        core,
        Array.from({ length: 6 }, (_, n) => eventOf(n)),
      )
      await core.pipeline.push(
        'staff',
        0,
        messages([
          { actor_uid: `actor_uid ${HALF}`, status: 'notice', name: HALF, role: HALF, team: HALF, email: HALF },
        ]),
      )
      await core.pipeline.drain()
      expect(core.failures).toEqual([])
      return await storedOutcome(core)
    })()
    expect(stored.alerts.map(({ actor_uid, detector }) => [actor_uid, detector])).toContainEqual([
      'actor_uid \ufffd',
      'custom:same-program',
    ])
    await using again = await openTestCore(dir, { customRules })
    expect(await storedOutcome(again)).toEqual(stored)
    expect(again.engine.staffOf(again.codes.findActor('default', 'actor_uid \ufffd'), NOW).record?.name).toBe('\ufffd')
    const sent = await again.pipeline.submitEvents([line(eventOf(0))], 'http', null)
    expect(sent).toMatchObject({ duplicates: 1 })
    const [event] = await again.db.query<Record<string, unknown>>(
      `SELECT actor_name, query_text, object_uids, columns FROM events WHERE event_uid = 'e0\ufffd'`,
    )
    expect(event).toMatchObject({ actor_name: 'actor_name \ufffd', query_text: 'query_text \ufffd' })
  })
})

it('a whole smiley that a rule’s group would cut in two is left out', async () => {
  await inFolder(async (dir) => {
    const client_app = `${'x'.repeat(79)}🙂${'y'.repeat(400)}`
    {
      await using core = await openTestCore(dir, { customRules })
      await submitAll(
        core,
        [0, 1, 2].map((n) => ({
          ...{ event_uid: `e${n}`, time: NOW - HOUR_MS + n, actor_uid: 'anna', action: 'view' },
          ...{ object_type: 'contact', object_uids: ['c1'], client_app, actor_name: 'Anna' },
        })),
      )
      const { alerts } = await storedOutcome(core)
      expect(alerts).toHaveLength(1)
      expect(JSON.stringify(alerts)).not.toMatch(/\\u[dD]/)
    }
    await using _again = await openTestCore(dir, { customRules })
  })
})

it('a store in which an earlier version left such halves is mended when it is opened', async () => {
  await inFolder(async (folder) => {
    const dir = join(folder, 'old')
    {
      await using db = await openDatabase({ dir })
      await loadDictionaries(db)
    }
    const instance = await DuckDBInstance.create(join(dir, 'crmwatch.duckdb'))
    const connection = await instance.connect()
    await connection.run('DELETE FROM schema_migrations WHERE version = 12')
    for (const [seq, actor_name] of [`Anna ${HALF}`, 'Anna 🙂'].entries())
      await connection.run(
        `INSERT INTO event_log BY NAME SELECT $1::BIGINT AS seq, 1 AS time, 1 AS ingested_time, 0 AS actor, 0 AS kind,
           0 AS origin, 'e' AS event_uid, $2 AS extra`,
        [seq, JSON.stringify({ actor_name })],
      )
    connection.closeSync()
    instance.closeSync()
    await using db = await openDatabase({ dir })
    const names = await db.query("SELECT extra->>'actor_name' AS name FROM event_log ORDER BY seq")
    expect(names).toEqual([{ name: 'Anna \ufffd' }, { name: 'Anna 🙂' }])
  })
})
