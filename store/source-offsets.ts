import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
import type { Database } from './database.ts'

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
  const rows = toJsonText(offsets.map(({ topic, partition, next }) => ({ topic, partition, next: String(next) })))
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
