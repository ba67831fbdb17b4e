import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
import type { Database } from './database.ts'
import { LETTER_COLUMNS } from './dead-letters.ts'

/** Dead letters that have not reached their topic yet, oldest first. */
export async function unpublishedLetters<Letter extends object>(db: Database, limit: number): Promise<Letter[]> {
  return db.query(
    `SELECT ${LETTER_COLUMNS} FROM dead_letters WHERE NOT published ORDER BY received_at, letter_uid LIMIT ?`,
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
    [toJsonText(uids)],
  )
}
