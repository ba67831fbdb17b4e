import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
import type { Suppression } from '../model/suppression.ts'
import { decodeCursor, encodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database } from './database.ts'

type Row = Omit<Suppression, 'scope'> & { readonly scope: string }

const LIST = 'suppressions'
const toSuppression = (row: Row): Suppression => ({ ...row, scope: JSON.parse(row.scope) })

export async function insertSuppression(connection: DuckDBConnection, one: Suppression): Promise<void> {
  await connection.run(
    `INSERT INTO suppressions (suppression_uid, org_uid, effect, scope, reason, created_by, created_at, starts_at, ends_at,
       revoked_by, revoked_at, suppressed, last_suppressed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, 0, NULL)`,
    [
      one.suppression_uid,
      one.org_uid,
      one.effect,
      toJsonText(one.scope),
      one.reason,
      one.created_by,
      one.created_at,
      one.starts_at,
      one.ends_at,
    ],
  )
}

export async function markRevoked(connection: DuckDBConnection, uid: string, by: string, at: number): Promise<void> {
  await connection.run('UPDATE suppressions SET revoked_by = $1, revoked_at = $2 WHERE suppression_uid = $3', [
    by,
    at,
    uid,
  ])
}

/** Adds what was held back, inside the caller's transaction. */
export async function countSuppressed(
  connection: DuckDBConnection,
  held: readonly { readonly suppression_uid: string; readonly items: number; readonly lastAt: number }[],
): Promise<void> {
  for (const { suppression_uid, items, lastAt } of held) {
    await connection.run(
      `UPDATE suppressions SET suppressed = suppressed + $1, last_suppressed_at = greatest(last_suppressed_at, $2)
       WHERE suppression_uid = $3`,
      [items, lastAt, suppression_uid],
    )
  }
}

export async function getSuppression(db: Database, uid: string): Promise<Suppression | null> {
  const rows = await db.query<Row>('SELECT * FROM suppressions WHERE suppression_uid = ?', [uid])
  return rows.length === 0 ? null : toSuppression(rows[0])
}

/** Those not revoked that end after `endAfter`, epoch ms. */
export async function standingSuppressions(db: Database, endAfter: number): Promise<Suppression[]> {
  const sql = 'SELECT * FROM suppressions WHERE revoked_at IS NULL AND ends_at > ?'
  return (await db.query<Row>(sql, [endAfter])).map(toSuppression)
}

/** All that ever held anything back after `endAfter`, epoch ms; one that was revoked ends when it was. */
export async function pastSuppressions(db: Database, endAfter: number): Promise<Suppression[]> {
  const sql = `SELECT * REPLACE (least(ends_at, revoked_at) AS ends_at, NULL AS revoked_by, NULL AS revoked_at)
    FROM suppressions WHERE least(ends_at, revoked_at) > ?`
  return (await db.query<Row>(sql, [endAfter])).map(toSuppression)
}

/** Newest first. Throws InvalidCursor for a cursor that this list did not give out. */
export async function listSuppressions(
  db: Database,
  filter: { readonly org?: string; readonly inForceAt?: number },
  cursor: string | null,
  limit: number,
): Promise<Page<Suppression>> {
  const where = ['true']
  const values: (string | number)[] = []
  if (filter.org !== undefined) {
    where.push('org_uid = ?')
    values.push(filter.org)
  }
  if (filter.inForceAt !== undefined) {
    where.push('revoked_at IS NULL AND ends_at > ?')
    values.push(filter.inForceAt)
  }
  if (cursor !== null) {
    const { time, id } = decodeCursor(LIST, cursor)
    where.push('(created_at < ? OR (created_at = ? AND suppression_uid < ?))')
    values.push(time, time, id)
  }
  const rows = await db.query<Row>(
    `SELECT * FROM suppressions WHERE ${where.join(' AND ')} ORDER BY created_at DESC, suppression_uid DESC LIMIT ?`,
    [...values, limit + 1],
  )
  return pageOf(rows, limit, toSuppression, (row) =>
    encodeCursor(LIST, { time: row.created_at, id: row.suppression_uid }),
  )
}
