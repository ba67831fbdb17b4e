import type { DuckDBConnection } from '@duckdb/node-api'
import { toJsonText } from '../model/json-text.ts'
import { readColumns } from './columns.ts'
import { type Database, queryRows } from './database.ts'
import { nextSeq } from './event-log.ts'

/** Which of these events the store holds, by tenant and event_uid. `from` and `to` bound their times. */
export async function knownEventUids(
  db: Database,
  uids: readonly { readonly org: string; readonly uid: string }[],
  from: number,
  to: number,
): Promise<Set<string>> {
  const sql = `SELECT a.org_uid, e.event_uid FROM event_log e JOIN actors a ON a.code = e.actor
     WHERE e.time BETWEEN ? AND ? AND e.event_uid IN (SELECT unnest(from_json(?::JSON, '["VARCHAR"]')))`
  const values = [from, to, toJsonText(uids.map(({ uid }) => uid))]
  // Not by query(): a batch does not wait until those who read have a connection free.
  const rows = await db.withConnection((own) => queryRows<{ org_uid: string; event_uid: string }>(own, sql, values))
  return new Set(rows.map((row) => uidKey(row.org_uid, row.event_uid)))
}

export const uidKey = (org: string, uid: string): string => `${org}\u0000${uid}`

/** Events whose ids are read as one text: DuckDB gives out few long texts much faster than many short ones. */
const UIDS_A_TEXT = 4_096
/** Events of one query, whose texts are in memory together. */
const UIDS_A_QUERY = 64 * UIDS_A_TEXT

/**
 * Gives the ids of the `most` events that arrived last to `take`, in the order of arrival but for that among some
 * thousands, whose newest event time stands for that of each. Returns the newest event time among those before them;
 * null when there are none.
 */
export async function eachRecentUid(
  db: Database,
  most: number,
  take: (org: string, eventUid: string, time: number) => void,
): Promise<number | null> {
  return await db.withConnection((connection) => readRecentUids(connection, most, take))
}

async function readRecentUids(
  connection: DuckDBConnection,
  most: number,
  take: (org: string, eventUid: string, time: number) => void,
): Promise<number | null> {
  const end = await nextSeq(connection)
  const first = Math.max(0, end - most)
  for (let from = first; from < end; from += UIDS_A_QUERY) {
    const sql = `SELECT a.org_uid, to_json(list(e.event_uid)), max(e.time)
      FROM event_log e JOIN actors a ON a.code = e.actor WHERE e.seq >= ${from} AND e.seq < ${from + UIDS_A_QUERY}
      GROUP BY e.seq // ${UIDS_A_TEXT}, a.org_uid ORDER BY e.seq // ${UIDS_A_TEXT}`
    for await (const chunk of readColumns(connection, sql)) {
      const [orgs, uids, newest] = [chunk.texts(0), chunk.texts(1), chunk.bigints(2)]
      for (let i = 0; i < chunk.rows; i++)
        for (const uid of JSON.parse(uids[i] ?? '[]') as string[]) take(orgs[i] ?? '', uid, newest[i])
    }
  }
  const [older] = await queryRows<{ newest: number | null }>(
    connection,
    'SELECT max(time) AS newest FROM event_log WHERE seq < ?',
    [first],
  )
  return older?.newest ?? null
}
