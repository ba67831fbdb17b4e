import { decodeCursor, encodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, SqlValue } from './database.ts'

/** A message that could not be used, without its body. */
export interface DeadLetterRow {
  readonly letter_uid: string
  readonly received_at: number
  readonly source: string
  readonly topic: string | null
  readonly partition: number | null
  readonly offset: string | null
  readonly line: number | null
  readonly reason: string
  readonly detail: string
  readonly bytes: number
  readonly published: boolean
}

const LIST = 'dead-letters'

/** Newest first by (received_at, letter_uid). Throws InvalidCursor for a cursor that this list did not give out. */
export async function listDeadLetters(
  db: Database,
  cursor: string | null,
  limit: number,
): Promise<Page<DeadLetterRow>> {
  const after = cursor === null ? null : decodeCursor(LIST, cursor)
  const values: SqlValue[] = after === null ? [] : [after.time, after.time, after.id]
  const rows = await db.query<DeadLetterRow>(
    `SELECT letter_uid, received_at, source, topic, partition, "offset"::VARCHAR AS "offset", line, reason, detail, bytes,
            published
     FROM dead_letters
     ${after === null ? '' : 'WHERE received_at < ? OR (received_at = ? AND letter_uid < ?)'}
     ORDER BY received_at DESC, letter_uid DESC LIMIT ?`,
    [...values, limit + 1],
  )
  return pageOf(
    rows,
    limit,
    (row) => row,
    (row) => encodeCursor(LIST, { time: row.received_at, id: row.letter_uid }),
  )
}

/** How many letters there are by reason code. */
export async function countDeadLetters(db: Database): Promise<Record<string, number>> {
  const rows = await db.query<{ reason: string; n: number }>(
    'SELECT reason, count(*) AS n FROM dead_letters GROUP BY reason ORDER BY reason',
  )
  return Object.fromEntries(rows.map((row) => [row.reason, row.n]))
}
