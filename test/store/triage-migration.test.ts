import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { composeMessage } from '../../alerts/delivery/compose-message.ts'
import { getAlert, matchingAlerts } from '../../store/alerts.ts'
import { openDatabase } from '../../store/database.ts'
import { deliveriesOf } from '../../store/deliveries.ts'
import { loadDictionaries } from '../../store/dictionaries.ts'
import { ROOT } from '../architecture/source-files.ts'
import { inFolder } from '../support/test-core.ts'
import { sampleAlert } from './sample-alert.ts'

const MIGRATIONS = join(ROOT, 'store', 'migrations')
const BEFORE_TRIAGE = readdirSync(MIGRATIONS).filter((name) => Number.parseInt(name, 10) < 7)

/** A store as a version without triage left it, with an alert and what was to be told of it. */
async function writeOldStore(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true })
  const instance = await DuckDBInstance.create(join(dir, 'crmwatch.duckdb'))
  const connection = await instance.connect()
  await connection.run(
    'CREATE TABLE schema_migrations (version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)',
  )
  for (const name of BEFORE_TRIAGE.toSorted()) {
    await connection.run(readFileSync(join(MIGRATIONS, name), 'utf8'))
    await connection.run('INSERT INTO schema_migrations VALUES (?, ?, now()::TIMESTAMP)', [
      Number.parseInt(name, 10),
      name,
    ])
  }
  const { verdict: _1, assignee: _2, labels: _3, version: _4, follows: _5, closed_at: _6, ...today } = sampleAlert()
  const contributions = [{ test: 'contacts_copied.1h', observed: 143, expected: 6, weight: 4.2 }]
  const alert = { ...today, findings: today.findings.map((finding) => ({ ...finding, contributions })) }
  await connection.run(
    `INSERT INTO alerts BY NAME SELECT $1 AS alert_uid, 'default' AS org_uid, 'u-17' AS actor_uid, 'mass-copy' AS detector,
       ['mass-copy'] AS detectors, 'high' AS severity, 'new' AS status, 80 AS score, true AS leaver, 1 AS opened_at,
       1 AS updated_at, 1 AS detected_at, $2 AS body`,
    [alert.alert_uid, JSON.stringify(alert)],
  )
  await connection.run(
    `INSERT INTO kinds VALUES (0, 'http', NULL, NULL, 'user', 'copy', 'contact', true, 'ids_counted', true, 'ui', NULL, NULL,
       'success')`,
  )
  await connection.run(
    `INSERT INTO deliveries BY NAME SELECT unnest(['d_1', 'd_2']) AS delivery_uid, unnest(['d_1', 'd_2']) AS message_uid,
       unnest([1, 2]) AS seq, 'soc' AS channel, 'x' AS lane, unnest(['opened', 'undelivered']) AS reason, 'waiting' AS status,
       1 AS created_at, 1 AS due_at, 0 AS next_attempt_at, 0 AS attempts, 0 AS repeats, unnest([$1, $2]) AS body`,
    [JSON.stringify({ alert, before: null }), JSON.stringify({ channel: 'mail', since: 1 })],
  )
  connection.closeSync()
  instance.closeSync()
}

test('a store from before triage keeps its alerts, and what waits to be told of them', async () => {
  await inFolder(async (folder) => {
    const dir = join(folder, 'old')
    await writeOldStore(dir)
    await using db = await openDatabase({ dir })
    expect(await getAlert(db, 'alert-1')).toEqual(sampleAlert())
    const fresh = { status: ['new' as const], verdict: ['none' as const], assignee: null }
    expect(await matchingAlerts(db, fresh, 10)).toEqual([sampleAlert()])
    expect((await loadDictionaries(db)).kindOf(0)).toMatchObject({ action: 'copy', excluded: false })
    const message = composeMessage(await deliveriesOf(db, 'd_1'), null)
    expect(message).toMatchObject({ items: [{ alert: sampleAlert(), before: null, reason: 'opened' }] })
    expect(composeMessage(await deliveriesOf(db, 'd_2'), null)).toMatchObject({ note: { channel: 'mail', since: 1 } })
  })
})
