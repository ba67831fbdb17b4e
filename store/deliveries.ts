import type { DuckDBConnection } from '@duckdb/node-api'
import type { Severity } from '../model/alert.ts'
import type { DeliveryFailure, DeliveryReason, DeliveryStatus } from '../model/delivery.ts'
import { toJsonText } from '../model/json-text.ts'
import { type Database, queryRows, type SqlValue } from './database.ts'
import { inTransaction } from './transaction.ts'

/** One thing to be told to one channel. */
export interface NewDelivery {
  readonly delivery_uid: string
  /** Null: what else is in its lane may go out with it as one message. */
  readonly message_uid: string | null
  readonly channel: string
  readonly lane: string
  readonly reason: DeliveryReason
  readonly org_uid: string | null
  readonly alert_uid: string | null
  readonly severity: Severity | null
  readonly created_at: number
  readonly due_at: number
  /** Tell it again after this long, as long as nobody has looked; null: once is enough. */
  readonly repeat_after_ms: number | null
  /** How often it has been repeated already. */
  readonly repeats: number
  /** JSON; null when it is made at the time of sending. */
  readonly body: string | null
}

/** That a channel was told of an alert, or others were to be, and when that was planned (epoch ms). */
export type Telling = Pick<NewDelivery, 'channel' | 'created_at'> & { readonly alert_uid: string }

export interface WaitingDelivery extends NewDelivery {
  readonly seq: number
  readonly attempts: number
  /** When it may go out: its lane is open, and the pause after the last attempt is over. */
  readonly ready_at: number
}

/** How an attempt, or the giving up, changes a row. */
export interface DeliveryUpdate {
  readonly delivery_uid: string
  readonly status: DeliveryStatus
  readonly next_attempt_at: number
  readonly attempts: number
  readonly last_attempt_at: number | null
  readonly finished_at: number | null
  readonly failure: DeliveryFailure | null
  readonly answer_status: number | null
}

const NEW_TYPE = JSON.stringify([
  {
    delivery_uid: 'VARCHAR',
    message_uid: 'VARCHAR',
    channel: 'VARCHAR',
    lane: 'VARCHAR',
    reason: 'VARCHAR',
    org_uid: 'VARCHAR',
    alert_uid: 'VARCHAR',
    severity: 'VARCHAR',
    created_at: 'BIGINT',
    due_at: 'BIGINT',
    repeat_after_ms: 'BIGINT',
    repeats: 'INTEGER',
    body: 'VARCHAR',
  },
])

/** Adds rows to the outbox in the given order, inside the caller's transaction. */
export async function appendDeliveries(connection: DuckDBConnection, rows: readonly NewDelivery[]): Promise<void> {
  if (rows.length === 0) return
  await connection.run(
    `INSERT INTO deliveries BY NAME
     SELECT unnest(d), (SELECT coalesce(max(seq), 0) FROM deliveries) + n AS seq, 'waiting' AS status,
       0 AS next_attempt_at, 0 AS attempts
     FROM (SELECT unnest(from_json($1::JSON, '${NEW_TYPE}')) AS d, generate_subscripts(from_json($1::JSON, '${NEW_TYPE}'), 1) AS n)`,
    [toJsonText(rows)],
  )
}

const WAITING = `delivery_uid, message_uid, seq, channel, lane, reason, org_uid, alert_uid, severity, created_at, due_at,
  repeat_after_ms, repeats, attempts, body`

/** Per channel the row that is to go out next, with the time from which it may; only the first of a lane is ever that. */
export function nextDeliveries(db: Database): Promise<WaitingDelivery[]> {
  return db.query<WaitingDelivery>(
    `WITH heads AS (
       SELECT seq, channel, greatest(min(due_at) OVER lane, next_attempt_at) AS ready_at
       FROM deliveries WHERE status = 'waiting' WINDOW lane AS (PARTITION BY channel, lane)
       QUALIFY seq = min(seq) OVER lane
     ), firsts AS (
       SELECT seq, ready_at FROM heads QUALIFY row_number() OVER (PARTITION BY channel ORDER BY ready_at, seq) = 1
     )
     SELECT ${WAITING}, ready_at FROM deliveries JOIN firsts USING (seq) ORDER BY ready_at, seq`,
  )
}

/** What else waits in the lane and may join a message, oldest first. */
export function joinableDeliveries(db: Database, channel: string, lane: string, limit: number) {
  return db.query<WaitingDelivery>(
    `SELECT ${WAITING}, due_at AS ready_at FROM deliveries
     WHERE status = 'waiting' AND channel = ? AND lane = ? AND message_uid IS NULL ORDER BY seq LIMIT ?`,
    [channel, lane, limit],
  )
}

/** The rows that go out as this message, oldest first. */
export function deliveriesOf(db: Database, messageUid: string) {
  return db.query<WaitingDelivery>(
    `SELECT ${WAITING}, due_at AS ready_at FROM deliveries WHERE status = 'waiting' AND message_uid = ? ORDER BY seq`,
    [messageUid],
  )
}

/** Binds the rows to one message for good. It has to be durable before the first attempt. */
export async function joinDeliveries(
  connection: DuckDBConnection,
  uids: readonly string[],
  messageUid: string,
): Promise<void> {
  await connection.run(
    'UPDATE deliveries SET message_uid = ? WHERE delivery_uid IN (SELECT unnest(from_json(?::JSON, \'["VARCHAR"]\')))',
    [messageUid, toJsonText(uids)],
  )
}

/** Writes what became of an attempt, and what follows from it, as one transaction. */
export async function settleDeliveries(
  connection: DuckDBConnection,
  updates: readonly DeliveryUpdate[],
  following: readonly NewDelivery[],
): Promise<void> {
  await inTransaction(connection, async () => {
    for (const update of updates) {
      await connection.run(
        `UPDATE deliveries SET status = $2, next_attempt_at = $3, attempts = $4, last_attempt_at = $5, finished_at = $6,
           failure = $7, answer_status = $8, body = CASE WHEN $2 = 'waiting' THEN body END
         WHERE delivery_uid = $1`,
        [
          update.delivery_uid,
          update.status,
          update.next_attempt_at,
          update.attempts,
          update.last_attempt_at,
          update.finished_at,
          update.failure,
          update.answer_status,
        ],
      )
    }
    await appendDeliveries(connection, following)
  })
}

/** All tellings of the alerts that are due to their findings, as far as the caller's transaction sees them. */
export async function tellingsOf(connection: DuckDBConnection, alertUids: readonly string[]): Promise<Telling[]> {
  if (alertUids.length === 0) return []
  return queryRows<Telling>(
    connection,
    `SELECT alert_uid, channel, created_at FROM deliveries
     WHERE reason IN ('opened', 'updated', 'escalated')
       AND alert_uid IN (SELECT unnest(from_json(?::JSON, '["VARCHAR"]')))`,
    [toJsonText(alertUids)],
  )
}

/** Whether the lane of this channel was given anything since then (epoch ms). */
export async function hasRecentDelivery(db: Database, channel: string, lane: string, since: number): Promise<boolean> {
  const values: SqlValue[] = [channel, lane, since]
  const [row] = await db.query<{ n: number }>(
    'SELECT count(*) AS n FROM deliveries WHERE channel = ? AND lane = ? AND created_at >= ?',
    values,
  )
  return row.n > 0
}

export interface OutboxCounts {
  readonly channel: string
  readonly waiting: number
  /** Since when the oldest has been due, epoch ms; null when nothing is due. */
  readonly oldest_due_at: number | null
}

export const outboxCounts = (db: Database, now: number): Promise<OutboxCounts[]> =>
  db.query<OutboxCounts>(
    `SELECT channel, count(*) AS waiting, min(due_at) FILTER (due_at <= ?) AS oldest_due_at
     FROM deliveries WHERE status = 'waiting' GROUP BY channel`,
    [now],
  )

/** Deletes what was done before then (epoch ms), inside the caller's turn at the writer. */
export async function deleteDoneDeliveries(connection: DuckDBConnection, before: number): Promise<void> {
  await queryRows(connection, "DELETE FROM deliveries WHERE status <> 'waiting' AND finished_at < ?", [before])
}
