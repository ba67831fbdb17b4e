import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
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

/** A letter's columns but for its body and whether it is published; the offset as a text, for it may be beyond 2^53. */
export const LETTER_COLUMNS =
  'letter_uid, received_at, source, topic, partition, "offset"::VARCHAR AS "offset", line, reason, detail, bytes'

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
    [toJsonText(letters)],
  )
}

/** A source's letter with what is kept of its row. */
export interface SourceLetterRow extends DeadLetterRow {
  /** The beginning of the row; null when bodies are not kept. */
  readonly body: string | null
}

const LIST = 'source-dead-letters'

/**
 * A source's letters, newest first by (received_at, letter_uid), with the first `bodyLength` characters of what is kept
 * of each. Throws InvalidCursor for a cursor that this list did not give out.
 */
export async function listSourceLetters(
  db: Database,
  source: string,
  bodyLength: number,
  cursor: string | null,
  limit: number,
): Promise<Page<SourceLetterRow>> {
  const after = cursor === null ? null : decodeCursor(LIST, cursor)
  const values: SqlValue[] = after === null ? [] : [after.time, after.time, after.id]
  const rows = await db.query<SourceLetterRow>(
    `SELECT ${LETTER_COLUMNS}, published, substr(body, 1, ?) AS body
     FROM dead_letters
     WHERE source = ? ${after === null ? '' : 'AND (received_at < ? OR (received_at = ? AND letter_uid < ?))'}
     ORDER BY received_at DESC, letter_uid DESC LIMIT ?`,
    [bodyLength, source, ...values, limit + 1],
  )
  return pageOf(
    rows,
    limit,
    (row) => row,
    (row) => encodeCursor(LIST, { time: row.received_at, id: row.letter_uid }),
  )
}

export interface KeptLetter {
  readonly letter_uid: string
  readonly reason: string
  readonly body: string
}

/**
 * Letters of a source that can be read again, by letter_uid, beyond `after`: at most `letters` of them, and no more once
 * they have `bytes` together, but one at least where there is any.
 */
export function keptLetters(
  db: Database,
  source: string,
  after: string,
  most: { readonly letters: number; readonly bytes: number },
): Promise<KeptLetter[]> {
  // Their sizes first: of bodies that are not asked for none is read.
  return db.query(
    `WITH next AS (SELECT letter_uid, bytes FROM dead_letters
       WHERE source = ? AND body IS NOT NULL AND letter_uid > ? ORDER BY letter_uid LIMIT ?),
     sized AS (SELECT letter_uid, sum(bytes) OVER (ORDER BY letter_uid) - bytes AS before FROM next)
     SELECT letter_uid, reason, body FROM dead_letters
     WHERE source = ? AND body IS NOT NULL AND letter_uid IN (SELECT letter_uid FROM sized WHERE before < ?)
     ORDER BY letter_uid`,
    [source, after, most.letters, source, most.bytes],
  )
}

/** What came of reading letters again. */
export interface RetriedLetters {
  /** Those that are none any more. */
  readonly taken: readonly string[]
  /** Those that are still refused, with the reason of today. */
  readonly refused: readonly { readonly letter_uid: string; readonly reason: string; readonly detail: string }[]
}

/** Removes what was taken and gives the others their new reason, inside the caller's transaction. */
export async function settleRetriedLetters(
  connection: DuckDBConnection,
  { taken, refused }: RetriedLetters,
): Promise<void> {
  if (taken.length > 0) {
    await connection.run(
      'DELETE FROM dead_letters WHERE letter_uid IN (SELECT unnest(from_json(?::JSON, \'["VARCHAR"]\')))',
      [toJsonText(taken)],
    )
  }
  if (refused.length > 0) {
    await connection.run(
      `UPDATE dead_letters SET reason = g.reason, detail = g.detail FROM (SELECT unnest(l) FROM (SELECT unnest(from_json(?::JSON,
         '[{"letter_uid": "VARCHAR", "reason": "VARCHAR", "detail": "VARCHAR"}]')) AS l)) g
       WHERE dead_letters.letter_uid = g.letter_uid`,
      [toJsonText(refused)],
    )
  }
}

/** How many of a source's letters there are, and how many of them can be read again. */
export async function countSourceLetters(db: Database, source: string): Promise<{ letters: number; kept: number }> {
  const [row] = await db.query<{ letters: number; kept: number }>(
    'SELECT count(*) AS letters, count(body) AS kept FROM dead_letters WHERE source = ?',
    [source],
  )
  return row
}
