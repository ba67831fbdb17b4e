import type { DuckDBConnection } from '@duckdb/node-api'
import type { ClosedDay } from '../model/closed-day.ts'
import { toJsonText } from '../model/json-text.ts'
import { appendColumns, type ColumnReader, readColumns } from './columns.ts'
import { queryRows } from './database.ts'

/** Each of them is the actor's own. */
export async function appendDayPeaks(connection: DuckDBConnection, rows: readonly ClosedDay[]): Promise<void> {
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

/** A closed day as it is stored. */
export interface StoredDay {
  readonly closed: ClosedDay
  /** Whether the day is of the actor's own past, and not only one that peers learned from. */
  readonly own: boolean
}

/** Rows that DuckDB puts in order at a time: each is a kilobyte, and at a start they are read while it works on events. */
const ROWS_AT_ONCE = 10_000

/** All closed days in the order of day and actor, some at a time. */
export async function* readDayPeaks(connection: DuckDBConnection): AsyncGenerator<StoredDay[]> {
  const roleNames = new Map<string, string>()
  for (const [first, last] of await spansOfDays(connection)) {
    const sql = `SELECT actor, day, role, flags, peaks, cusum, surprise, hours, risk,
      leaver::INTEGER, own::INTEGER, peers::INTEGER, score FROM day_peaks WHERE day BETWEEN ${first} AND ${last} ORDER BY day, actor`
    for await (const chunk of readColumns(connection, sql)) yield storedDays(chunk, roleNames)
  }
}

/** `roleNames`: by themselves, so that a role's days hold one text between them. */
function storedDays(chunk: ColumnReader, roleNames: Map<string, string>): StoredDay[] {
  const [actors, days, roles, flags] = [chunk.integers(0), chunk.integers(1), chunk.texts(2), chunk.integers(3)]
  const [peaks, cusum, surprise, hours] = [4, 5, 6, 7].map((column) => chunk.lists(column))
  const [risk, leaver, own, peers, score] = [8, 9, 10, 11, 12].map((column) => chunk.integers(column))
  return roles.map((text, i) => {
    const role = text ?? ''
    if (!roleNames.has(role)) roleNames.set(role, role)
    const closed = {
      actor: actors[i],
      day: days[i],
      role: roleNames.get(role) ?? role,
      flags: flags[i],
      peaks: peaks[i] ?? NO_NUMBERS,
      cusum: cusum[i] ?? NO_NUMBERS,
      surprise: surprise[i] ?? NO_NUMBERS,
      hours: hours[i] ?? NO_NUMBERS,
      risk: risk[i],
      leaver: leaver[i] === 1,
      peers: peers[i] === 1,
      score: score[i],
    }
    return { closed, own: own[i] === 1 }
  })
}

/** Of rows that an earlier version wrote without the column. */
const NO_NUMBERS = new Int32Array(0)

/** The days of the store in spans, first and last of each, that hold so many rows or a single day. */
async function spansOfDays(connection: DuckDBConnection): Promise<[first: number, last: number][]> {
  const days = await queryRows<{ day: number; rows: number }>(
    connection,
    'SELECT day, count(*) AS rows FROM day_peaks GROUP BY day ORDER BY day',
  )
  const spans: [number, number][] = []
  let held = 0
  for (const { day, rows } of days) {
    if (spans.length === 0 || held + rows > ROWS_AT_ONCE) {
      spans.push([day, day])
      held = 0
    }
    spans[spans.length - 1][1] = day
    held += rows
  }
  return spans
}

/** For actors whose past was folded again: their days are about to be replaced, but for what peers learnt from them. */
export async function deleteDayPeaks(connection: DuckDBConnection, actors: readonly number[]): Promise<void> {
  if (actors.length === 0) return
  const given = 'actor IN (SELECT unnest(from_json(?::JSON, \'["INTEGER"]\')))'
  await connection.run(`DELETE FROM day_peaks WHERE NOT peers AND ${given}`, [toJsonText(actors)])
  await connection.run(`UPDATE day_peaks SET own = false WHERE own AND ${given}`, [toJsonText(actors)])
}
