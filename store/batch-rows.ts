import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from './columns.ts'
import { type Database, queryRows } from './database.ts'
import type { DeadLetterRow } from './dead-letters.ts'

/** An actor's closed day as a row of `day_peaks`. `cusum` and risks in thousandths, `surprise` in hundredths. */
export interface DayPeaksRow {
  readonly actor: number
  readonly day: number
  readonly role: string
  readonly flags: number
  readonly peaks: Int32Array
  readonly cusum: Int32Array
  readonly surprise: Int32Array
  readonly risk: number
  /** In hundredths. */
  readonly score: number
  readonly leaver: boolean
  readonly hours: Int32Array
  /** Whether the role's peers learnt from it. */
  readonly peers: boolean
}

export async function appendDayPeaks(connection: DuckDBConnection, rows: readonly DayPeaksRow[]): Promise<void> {
  await appendColumns(connection, 'day_peaks', rows.length, [
    { type: 'integer', values: Int32Array.from(rows, (row) => row.actor) },
    { type: 'integer', values: Int32Array.from(rows, (row) => row.day) },
    { type: 'varchar', values: rows.map((row) => row.role) },
    { type: 'integer', values: Int32Array.from(rows, (row) => row.flags) },
    { type: 'integers', values: rows.map((row) => row.peaks) },
    { type: 'integers', values: rows.map((row) => row.cusum) },
    { type: 'integers', values: rows.map((row) => row.surprise) },
    { type: 'integer', values: Int32Array.from(rows, (row) => row.risk) },
    { type: 'boolean', values: rows.map((row) => row.leaver) },
    { type: 'integers', values: rows.map((row) => row.hours) },
    { type: 'boolean', values: rows.map(() => true) },
    { type: 'boolean', values: rows.map((row) => row.peers) },
    { type: 'integer', values: Int32Array.from(rows, (row) => row.score) },
  ])
}

/** For actors whose past was folded again: their days are about to be replaced, but for what peers learnt from them. */
export async function deleteDayPeaks(connection: DuckDBConnection, actors: readonly number[]): Promise<void> {
  if (actors.length === 0) return
  const given = 'actor IN (SELECT unnest(from_json(?::JSON, \'["INTEGER"]\')))'
  await connection.run(`DELETE FROM day_peaks WHERE NOT peers AND ${given}`, [JSON.stringify(actors)])
  await connection.run(`UPDATE day_peaks SET own = false WHERE own AND ${given}`, [JSON.stringify(actors)])
}

const OFFSET_TYPE = JSON.stringify([{ topic: 'VARCHAR', partition: 'INTEGER', next: 'BIGINT' }])

export interface OffsetRow {
  readonly topic: string
  readonly partition: number
  readonly next: bigint
}

/** Sets where reading goes on, per partition. */
export async function writeOffsets(
  connection: DuckDBConnection,
  offsets: readonly OffsetRow[],
  now: number,
): Promise<void> {
  if (offsets.length === 0) return
  const rows = JSON.stringify(offsets.map(({ topic, partition, next }) => ({ topic, partition, next: String(next) })))
  const given = `(SELECT unnest(from_json($1::JSON, '${OFFSET_TYPE}'), recursive := true))`
  const updated = await connection.run(
    `UPDATE source_offsets SET next_offset = o.next, updated_at = $2 FROM ${given} o
     WHERE source_offsets.topic = o.topic AND source_offsets.partition = o.partition`,
    [rows, BigInt(now)],
  )
  if (updated.rowsChanged === offsets.length) return
  await connection.run(
    `INSERT INTO source_offsets SELECT o.topic, o.partition, o.next, $2 FROM ${given} o
     WHERE NOT EXISTS (SELECT 1 FROM source_offsets s WHERE s.topic = o.topic AND s.partition = o.partition)`,
    [rows, BigInt(now)],
  )
}

export async function readOffsets(db: Database): Promise<OffsetRow[]> {
  const rows = await db.query<{ topic: string; partition: number; next: string }>(
    'SELECT topic, partition, next_offset::VARCHAR AS next FROM source_offsets',
  )
  return rows.map((row) => ({ topic: row.topic, partition: row.partition, next: BigInt(row.next) }))
}

export interface RefoldRow {
  readonly actor: number
  readonly fromTime: number
  readonly cause: 'late' | 'notice' | 'examination'
  readonly atTime: number
}

export async function addRefoldRequests(connection: DuckDBConnection, requests: readonly RefoldRow[]): Promise<void> {
  await appendColumns(connection, 'refold_queue', requests.length, [
    { type: 'integer', values: Int32Array.from(requests, (request) => request.actor) },
    { type: 'bigint', values: Float64Array.from(requests, (request) => request.fromTime) },
    { type: 'varchar', values: requests.map((request) => request.cause) },
    { type: 'bigint', values: Float64Array.from(requests, (request) => request.atTime) },
  ])
}

export async function removeRefoldRequests(connection: DuckDBConnection, actors: readonly number[]): Promise<void> {
  if (actors.length === 0) return
  await connection.run('DELETE FROM refold_queue WHERE actor IN (SELECT unnest(from_json(?::JSON, \'["INTEGER"]\')))', [
    JSON.stringify(actors),
  ])
}

export function readRefoldRequests(db: Database): Promise<RefoldRow[]> {
  return db.query<RefoldRow>(
    'SELECT actor, from_time AS "fromTime", cause, at_time AS "atTime" FROM refold_queue ORDER BY at_time',
  )
}

/** A dead letter as a row; `body` only where the configuration keeps it. */
export type DeadLetterInsert = Omit<DeadLetterRow, 'published'> & { readonly body: string | null }

const LETTER_TYPE = JSON.stringify([
  {
    letter_uid: 'VARCHAR',
    received_at: 'BIGINT',
    source: 'VARCHAR',
    topic: 'VARCHAR',
    partition: 'INTEGER',
    offset: 'BIGINT',
    line: 'BIGINT',
    reason: 'VARCHAR',
    detail: 'VARCHAR',
    bytes: 'INTEGER',
    body: 'VARCHAR',
  },
])

export async function insertDeadLetters(
  connection: DuckDBConnection,
  letters: readonly DeadLetterInsert[],
): Promise<void> {
  if (letters.length === 0) return
  await connection.run(
    `INSERT INTO dead_letters BY NAME SELECT unnest(l), false AS published
     FROM (SELECT unnest(from_json(?::JSON, '${LETTER_TYPE}')) AS l)`,
    [JSON.stringify(letters)],
  )
}

/** Which of these events the store holds, by tenant and event_uid. `from` and `to` bound their times. */
export async function knownEventUids(
  db: Database,
  uids: readonly { readonly org: string; readonly uid: string }[],
  from: number,
  to: number,
): Promise<Set<string>> {
  const sql = `SELECT a.org_uid, e.event_uid FROM event_log e JOIN actors a ON a.code = e.actor
     WHERE e.time BETWEEN ? AND ? AND e.event_uid IN (SELECT unnest(from_json(?::JSON, '["VARCHAR"]')))`
  const values = [from, to, JSON.stringify(uids.map(({ uid }) => uid))]
  // Not by query(): a batch does not wait until those who read have a connection free.
  const rows = await db.withConnection((own) => queryRows<{ org_uid: string; event_uid: string }>(own, sql, values))
  return new Set(rows.map((row) => uidKey(row.org_uid, row.event_uid)))
}

export const uidKey = (org: string, uid: string): string => `${org}\u0000${uid}`

/** Dead letters that have not reached their topic. */
/** Those that are to be published, oldest first. */
export async function unpublishedLetters<Letter extends object>(db: Database, limit: number): Promise<Letter[]> {
  return db.query(
    `SELECT letter_uid, received_at, source, topic, partition, "offset"::VARCHAR AS "offset", line, reason, detail, bytes
     FROM dead_letters WHERE NOT published ORDER BY received_at, letter_uid LIMIT ?`,
    [limit],
  )
}

export async function countUnpublishedLetters(db: Database): Promise<number> {
  const [{ letters }] = await db.query<{ letters: number }>(
    'SELECT count(*) AS letters FROM dead_letters WHERE NOT published',
  )
  return letters
}

export async function markPublished(connection: DuckDBConnection, uids: readonly string[]): Promise<void> {
  await connection.run(
    'UPDATE dead_letters SET published = true WHERE letter_uid IN (SELECT unnest(from_json(?::JSON, \'["VARCHAR"]\')))',
    [JSON.stringify(uids)],
  )
}
