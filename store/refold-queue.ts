import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
import { appendColumns } from './columns.ts'
import type { Database } from './database.ts'

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
    toJsonText(actors),
  ])
}

export function readRefoldRequests(db: Database): Promise<RefoldRow[]> {
  return db.query<RefoldRow>(
    'SELECT actor, from_time AS "fromTime", cause, at_time AS "atTime" FROM refold_queue ORDER BY at_time',
  )
}
