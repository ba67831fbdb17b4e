import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
import type { Database } from './database.ts'
import { inTransaction } from './transaction.ts'

/** What a row or an event of a source turned out to be; the first two count events, the others rows. */
export type SourceOutcomeName = 'accepted' | 'duplicate' | 'ignored' | 'rejected'

export interface SourceRowsRow {
  readonly source: string
  readonly outcome: SourceOutcomeName
  /** The log's type of what was ignored, the reason of what was rejected, else empty. */
  readonly word: string
  readonly rows: number
}

/** What a source delivered in one hour of the wall clock. */
export interface SourceHourRow {
  readonly source: string
  /** Counted from 1970. */
  readonly hour: number
  readonly rows: number
  /** Epoch ms. */
  readonly last_arrival: number
  /** Epoch ms of event time; null when nothing of the hour was an event. */
  readonly newest_event: number | null
}

export type SourceFileState = 'reading' | 'done' | 'set_aside'

export interface SourceFileRow {
  readonly source: string
  readonly file_uid: string
  readonly name: string | null
  /** Pieces taken: where reading goes on. */
  readonly pieces: number
  readonly records: number
  readonly state: SourceFileState
  readonly reason: string | null
  readonly updated_at: number
}

/** Where the pulling of a source goes on, as JSON of its connector's own. */
export interface SourceCursorRow {
  readonly source: string
  readonly cursor: string
  readonly updated_at: number
}

export interface UnmappedRow {
  readonly source: string
  readonly native_uid: string
  readonly rows: number
  readonly first_seen: number
  readonly last_seen: number
}

const given = (columns: Readonly<Record<string, string>>): string =>
  `(SELECT unnest(r) FROM (SELECT unnest(from_json($1::JSON, '${JSON.stringify([columns])}')) AS r)) g`

/** Adds counts to those of before, inside the caller's transaction. Keys are distinct within one call. */
export async function addSourceRows(connection: DuckDBConnection, rows: readonly SourceRowsRow[]): Promise<void> {
  const from = given({ source: 'VARCHAR', outcome: 'VARCHAR', word: 'VARCHAR', rows: 'BIGINT' })
  const same = 's.source = g.source AND s.outcome = g.outcome AND s.word = g.word'
  await upsert(
    connection,
    rows,
    `UPDATE source_rows s SET rows = s.rows + g.rows FROM ${from} WHERE ${same}`,
    `INSERT INTO source_rows BY NAME SELECT g.* FROM ${from} WHERE NOT EXISTS (SELECT 1 FROM source_rows s WHERE ${same})`,
  )
}

export async function addSourceHours(connection: DuckDBConnection, hours: readonly SourceHourRow[]): Promise<void> {
  const from = given({
    source: 'VARCHAR',
    hour: 'INTEGER',
    rows: 'BIGINT',
    last_arrival: 'BIGINT',
    newest_event: 'BIGINT',
  })
  const same = 's.source = g.source AND s.hour = g.hour'
  await upsert(
    connection,
    hours,
    `UPDATE source_hours s SET rows = s.rows + g.rows, last_arrival = greatest(s.last_arrival, g.last_arrival),
       newest_event = greatest(s.newest_event, g.newest_event) FROM ${from} WHERE ${same}`,
    `INSERT INTO source_hours BY NAME SELECT g.* FROM ${from} WHERE NOT EXISTS (SELECT 1 FROM source_hours s WHERE ${same})`,
  )
}

/** Sets how far files have been taken. */
export async function putSourceFiles(connection: DuckDBConnection, files: readonly SourceFileRow[]): Promise<void> {
  const from = given({
    source: 'VARCHAR',
    file_uid: 'VARCHAR',
    name: 'VARCHAR',
    pieces: 'BIGINT',
    records: 'BIGINT',
    state: 'VARCHAR',
    reason: 'VARCHAR',
    updated_at: 'BIGINT',
  })
  const same = 's.source = g.source AND s.file_uid = g.file_uid'
  await upsert(
    connection,
    files,
    `UPDATE source_files s SET name = g.name, pieces = g.pieces, records = g.records, state = g.state,
       reason = g.reason, updated_at = g.updated_at FROM ${from} WHERE ${same}`,
    `INSERT INTO source_files BY NAME SELECT g.* FROM ${from} WHERE NOT EXISTS (SELECT 1 FROM source_files s WHERE ${same})`,
  )
}

/** Sets how far sources have been pulled. */
export async function putSourceCursors(
  connection: DuckDBConnection,
  cursors: readonly SourceCursorRow[],
): Promise<void> {
  const from = given({ source: 'VARCHAR', cursor: 'VARCHAR', updated_at: 'BIGINT' })
  await upsert(
    connection,
    cursors,
    `UPDATE source_cursors s SET cursor = g.cursor, updated_at = g.updated_at FROM ${from} WHERE s.source = g.source`,
    `INSERT INTO source_cursors BY NAME SELECT g.* FROM ${from}
       WHERE NOT EXISTS (SELECT 1 FROM source_cursors s WHERE s.source = g.source)`,
  )
}

/** Null for a source that was never pulled. */
export async function readSourceCursor(db: Database, source: string): Promise<SourceCursorRow | null> {
  const [row] = await db.query<SourceCursorRow>(
    'SELECT source, cursor, updated_at FROM source_cursors WHERE source = ?',
    [source],
  )
  return row ?? null
}

/** A user of the CRM and the staff member who it is. */
export interface SourceUserRow {
  readonly native_uid: string
  readonly actor_uid: string
}

/** Replaces a source's users, as one transaction. */
export async function replaceSourceUsers(
  connection: DuckDBConnection,
  source: string,
  users: readonly SourceUserRow[],
): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.run('DELETE FROM source_users WHERE source = ?', [source])
    if (users.length === 0) return
    const from = given({ native_uid: 'VARCHAR', actor_uid: 'VARCHAR' })
    await connection.run(`INSERT INTO source_users BY NAME SELECT $2 AS source, g.* FROM ${from}`, [
      toJsonText(users),
      source,
    ])
  })
}

export function readSourceUsers(db: Database, source: string): Promise<SourceUserRow[]> {
  return db.query('SELECT native_uid, actor_uid FROM source_users WHERE source = ? ORDER BY rowid', [source])
}

export async function addUnmapped(connection: DuckDBConnection, users: readonly UnmappedRow[]): Promise<void> {
  const from = given({
    source: 'VARCHAR',
    native_uid: 'VARCHAR',
    rows: 'BIGINT',
    first_seen: 'BIGINT',
    last_seen: 'BIGINT',
  })
  const same = 's.source = g.source AND s.native_uid = g.native_uid'
  await upsert(
    connection,
    users,
    `UPDATE source_unmapped s SET rows = s.rows + g.rows, first_seen = least(s.first_seen, g.first_seen),
       last_seen = greatest(s.last_seen, g.last_seen) FROM ${from} WHERE ${same}`,
    `INSERT INTO source_unmapped BY NAME SELECT g.* FROM ${from} WHERE NOT EXISTS (SELECT 1 FROM source_unmapped s WHERE ${same})`,
  )
}

async function upsert(connection: DuckDBConnection, rows: readonly object[], update: string, insert: string) {
  if (rows.length === 0) return
  const values = toJsonText(rows)
  const updated = await connection.run(update, [values])
  if (updated.rowsChanged < rows.length) await connection.run(insert, [values])
}

export function readSourceRows(db: Database): Promise<SourceRowsRow[]> {
  return db.query('SELECT source, outcome, word, rows FROM source_rows ORDER BY source, outcome, rows DESC, word')
}

/** Every hour since `fromHour`, and each source's last one whenever it was. */
export function readSourceHours(db: Database, fromHour: number): Promise<SourceHourRow[]> {
  return db.query(
    `SELECT source, hour, rows, last_arrival, newest_event FROM source_hours
     WHERE hour >= ? OR (source, hour) IN (SELECT (source, max(hour)) FROM source_hours GROUP BY source)
     ORDER BY source, hour`,
    [fromHour],
  )
}

/** The newest event time of each source, of all its hours. */
export async function newestSourceEvents(db: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ source: string; newest: number | null }>(
    'SELECT source, max(newest_event) AS newest FROM source_hours GROUP BY source',
  )
  return new Map(rows.flatMap(({ source, newest }) => (newest === null ? [] : [[source, newest] as const])))
}

/** Forgets hours before `hour`, but for each source's last and for that with its newest event. */
export async function forgetSourceHours(connection: DuckDBConnection, hour: number): Promise<void> {
  await connection.run(
    `DELETE FROM source_hours s WHERE hour < ?
       AND hour < (SELECT max(hour) FROM source_hours o WHERE o.source = s.source)
       AND coalesce(newest_event, -1) < (SELECT coalesce(max(newest_event), 0) FROM source_hours o WHERE o.source = s.source)`,
    [hour],
  )
}

export function readSourceFiles(db: Database, source: string): Promise<SourceFileRow[]> {
  return db.query(
    `SELECT source, file_uid, name, pieces, records, state, reason, updated_at FROM source_files
     WHERE source = ? ORDER BY updated_at, rowid`,
    [source],
  )
}

/** Files by state, and those set aside, the last ones first. */
export async function sourceFileSummary(db: Database, source: string, mostSetAside: number) {
  const states = await db.query<{ state: SourceFileState; files: number }>(
    'SELECT state, count(*) AS files FROM source_files WHERE source = ? GROUP BY state ORDER BY state',
    [source],
  )
  const setAside = await db.query<Pick<SourceFileRow, 'name' | 'reason' | 'updated_at' | 'records'>>(
    `SELECT name, reason, updated_at, records FROM source_files WHERE source = ? AND state = 'set_aside'
     ORDER BY updated_at DESC, file_uid LIMIT ?`,
    [source, mostSetAside],
  )
  return { states: Object.fromEntries(states.map(({ state, files }) => [state, files])), setAside }
}

/** Those who are not mapped, the busiest first. */
export function readUnmapped(db: Database, source: string): Promise<UnmappedRow[]> {
  return db.query(
    `SELECT source, native_uid, rows, first_seen, last_seen FROM source_unmapped
     WHERE source = ? ORDER BY rows DESC, native_uid`,
    [source],
  )
}

/** The words and users already counted, by source: what is new beyond a bound is then counted together. */
export async function knownSourceWords(db: Database) {
  const words = await db.query<{ source: string; word: string }>(
    "SELECT source, word FROM source_rows WHERE outcome = 'ignored'",
  )
  const users = await db.query<{ source: string; native_uid: string }>('SELECT source, native_uid FROM source_unmapped')
  return { words, users }
}

/** How far one file has been taken; null for one never seen. */
export async function findSourceFile(db: Database, source: string, file_uid: string): Promise<SourceFileRow | null> {
  const [row] = await db.query<SourceFileRow>(
    `SELECT source, file_uid, name, pieces, records, state, reason, updated_at FROM source_files
     WHERE source = ? AND file_uid = ?`,
    [source, file_uid],
  )
  return row ?? null
}
