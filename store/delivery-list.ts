import type { Severity } from '../model/alert.ts'
import type { DeliveryFailure, DeliveryReason, DeliveryStatus } from '../model/delivery.ts'
import { decodeCursor, encodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, SqlValue } from './database.ts'

/** A row of the outbox without what it says. */
export interface DeliveryRow {
  readonly delivery_uid: string
  readonly message_uid: string | null
  readonly channel: string
  readonly reason: DeliveryReason
  readonly org_uid: string | null
  readonly alert_uid: string | null
  readonly severity: Severity | null
  readonly status: DeliveryStatus
  readonly created_at: number
  readonly due_at: number
  readonly next_attempt_at: number
  readonly attempts: number
  readonly last_attempt_at: number | null
  readonly finished_at: number | null
  readonly failure: DeliveryFailure | null
  readonly answer_status: number | null
}

export interface DeliveryFilter {
  /** The tenant's own alone; absent: of all tenants, and of none. */
  readonly org?: string
  readonly status?: readonly DeliveryStatus[]
  readonly channel?: readonly string[]
  readonly alert?: string
}

const LIST = 'deliveries'

/** Newest first by (created_at, delivery_uid). Throws InvalidCursor for a cursor that this list did not give out. */
export async function listDeliveries(
  db: Database,
  filter: DeliveryFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<DeliveryRow>> {
  const where: string[] = []
  const values: SqlValue[] = []
  const add = (condition: string, ...bound: SqlValue[]) => {
    where.push(condition)
    values.push(...bound)
  }
  const among = (column: string, list: readonly string[] | undefined) => {
    if (list !== undefined && list.length > 0) add(`${column} IN (${list.map(() => '?').join(', ')})`, ...list)
  }
  if (filter.org !== undefined) add('org_uid = ?', filter.org)
  if (filter.alert !== undefined) add('alert_uid = ?', filter.alert)
  among('status', filter.status)
  among('channel', filter.channel)
  if (cursor !== null) {
    const after = decodeCursor(LIST, cursor)
    add('(created_at < ? OR (created_at = ? AND delivery_uid < ?))', after.time, after.time, after.id)
  }
  const rows = await db.query<DeliveryRow>(
    `SELECT delivery_uid, message_uid, channel, reason, org_uid, alert_uid, severity, status, created_at, due_at,
       next_attempt_at, attempts, last_attempt_at, finished_at, failure, answer_status
     FROM deliveries ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
     ORDER BY created_at DESC, delivery_uid DESC LIMIT ?`,
    [...values, limit + 1],
  )
  return pageOf(
    rows,
    limit,
    (row) => row,
    (row) => encodeCursor(LIST, { time: row.created_at, id: row.delivery_uid }),
  )
}
