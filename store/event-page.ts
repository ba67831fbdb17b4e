import type { ContactAccessEvent } from '../model/event.ts'
import { decodeCursor, encodeCursor, InvalidCursor, type Page, pageOf } from './cursor.ts'
import type { Database, SqlValue } from './database.ts'
import { type LogRow, readEvents } from './read-events.ts'

/** Which of one person's events a page is of. */
export interface PersonEvents {
  /** The list's own name, which its cursors carry. */
  readonly list: string
  readonly org: string
  readonly actor: string
  /** SQL over `event_log e` and `kinds k` with a place for each of `values`. Never built from input. */
  readonly where: string
  readonly values: readonly SqlValue[]
}

/**
 * One page of somebody's events, oldest first by (time, seq). Throws InvalidCursor for a cursor that this list did not
 * give out.
 *
 * The page is cut from the log by actor code and time first, and only its rows meet the dictionaries: through the
 * `events` view the same page takes 0.6 s on 3 million events, this way some 20 ms.
 */
export async function pageOfEvents(
  db: Database,
  { list, org, actor, where, values }: PersonEvents,
  cursor: string | null,
  limit: number,
): Promise<Page<ContactAccessEvent>> {
  const after = cursor === null ? null : decodeCursor(list, cursor)
  if (after !== null && !/^\d{1,15}$/.test(after.id)) throw new InvalidCursor()
  const rows = await db.query<LogRow>(
    `SELECT e.* FROM event_log e JOIN kinds k ON k.code = e.kind
     WHERE e.actor IN (SELECT code FROM actors WHERE org_uid = ? AND actor_uid = ?) AND (${where})
       ${after === null ? '' : 'AND (e.time > ? OR (e.time = ? AND e.seq > ?::BIGINT))'}
     ORDER BY e.time, e.seq LIMIT ?`,
    [org, actor, ...values, ...(after === null ? [] : [after.time, after.time, after.id]), limit + 1],
  )
  const page = pageOf(
    rows,
    limit,
    (row) => row,
    (row) => encodeCursor(list, { time: row.time, id: String(row.seq) }),
  )
  return { items: await readEvents(db, page.items), next_cursor: page.next_cursor }
}
