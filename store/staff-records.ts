import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
import type { StaffRecord } from '../model/staff.ts'
import { type Database, queryRows } from './database.ts'

/** The columns in the order of StaffRecord, with their types; all of them together identify a record. */
const COLUMNS = {
  actor_uid: 'VARCHAR',
  org_uid: 'VARCHAR',
  name: 'VARCHAR',
  email: 'VARCHAR',
  role: 'VARCHAR',
  team: 'VARCHAR',
  manager_uid: 'VARCHAR',
  actor_type: 'VARCHAR',
  status: 'VARCHAR',
  hired_on: 'VARCHAR',
  notice_on: 'VARCHAR',
  last_working_day: 'VARCHAR',
  portfolio_size: 'BIGINT',
  recorded_at: 'BIGINT',
} as const satisfies Record<keyof StaffRecord, string>

const NAMES = Object.keys(COLUMNS)
const LIST = NAMES.join(', ')
/** Records of one instant keep the order in which they came. */
const OLDEST_FIRST = 'ORDER BY recorded_at, ingested_time, rowid'

/**
 * Adds records inside the caller's transaction; one that is there already, equal in every field, changes nothing.
 * Returns those that were new, in their order.
 */
export async function appendStaffRecords(
  connection: DuckDBConnection,
  records: readonly StaffRecord[],
  ingestedTime: number,
): Promise<StaffRecord[]> {
  if (records.length === 0) return []
  const given = toJsonText(records.map((record, n) => ({ ...record, n })))
  const type = JSON.stringify([{ ...COLUMNS, n: 'BIGINT' }])
  const same = NAMES.map((name) => `s.${name} IS NOT DISTINCT FROM r.${name}`).join(' AND ')
  const fresh = await queryRows<{ n: number }>(
    connection,
    `WITH given AS (SELECT unnest(r) FROM (SELECT unnest(from_json(?::JSON, '${type}')) AS r)),
          firsts AS (SELECT min(n) AS n, ${LIST} FROM given GROUP BY ${LIST})
     SELECT n FROM firsts r WHERE NOT EXISTS (SELECT 1 FROM staff_records s WHERE ${same}) ORDER BY n`,
    [given],
  )
  const added = fresh.map((row) => records[row.n])
  if (added.length === 0) return []
  await connection.run(
    `INSERT INTO staff_records (ingested_time, ${LIST})
     SELECT ?, ${LIST} FROM (SELECT unnest(r) FROM (SELECT unnest(from_json(?::JSON, '${JSON.stringify([COLUMNS])}')) AS r))`,
    [ingestedTime, toJsonText(added)],
  )
  return added
}

/** What HR reported of one actor, oldest first. */
export function staffHistory(db: Database, org: string, actor: string): Promise<StaffRecord[]> {
  return db.query<StaffRecord>(
    `SELECT ${LIST} FROM staff_records WHERE org_uid = ? AND actor_uid = ? ${OLDEST_FIRST}`,
    [org, actor],
  )
}

/** Every record, oldest first: folded in this order, the last one of an actor holds. */
export function allStaffRecords(db: Database): Promise<StaffRecord[]> {
  return db.query<StaffRecord>(`SELECT ${LIST} FROM staff_records ${OLDEST_FIRST}`)
}

/** When the last staff record came, wall clock in epoch ms; null when none has. */
export async function newestStaffTime(db: Database): Promise<number | null> {
  const [row] = await db.query<{ newest: number | null }>('SELECT max(ingested_time) AS newest FROM staff_records')
  return row?.newest ?? null
}
