import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from './columns.ts'

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
