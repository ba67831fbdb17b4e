import type { SuppressionScope } from '../model/suppression.ts'
import type { Database, SqlValue } from './database.ts'

export interface ScopedEvents {
  /** Events of the tenant that were looked at. */
  readonly events: number
  /** Those that fall under the scope, and how many people they are of. */
  readonly left_out: number
  readonly actors: number
}

/** How many of a tenant's events from `from` (epoch ms) on fall under a scope, as `coversEvent` has it. */
export async function countScopedEvents(
  db: Database,
  org: string,
  scope: SuppressionScope,
  from: number,
): Promise<ScopedEvents> {
  const conditions: readonly [string, string | undefined][] = [
    ['a.actor_uid = ?', scope.actor_uid],
    ['k.object_type = ?', scope.object_type],
    ['e.objects IS NULL AND o.object_uid = ?', scope.object_uid],
    [`e.extra->>'query_text' = ?`, scope.query_text],
  ]
  const given = conditions.filter((one): one is [string, string] => one[1] !== undefined)
  const values: SqlValue[] = [...given.map(([, value]) => value), org, from]
  const [row] = await db.query<ScopedEvents>(
    `SELECT count(*) AS events, count(*) FILTER (covered) AS left_out, count(DISTINCT actor) FILTER (covered) AS actors
     FROM (
       SELECT e.actor, coalesce(${given.map(([condition]) => `(${condition})`).join(' AND ')}, false) AS covered
       FROM event_log e JOIN actors a ON a.code = e.actor JOIN kinds k ON k.code = e.kind
       LEFT JOIN objects o ON o.code = e.object
       WHERE a.org_uid = ? AND e.time >= ?
     )`,
    values,
  )
  return row
}
