import type { Action, ContactAccessEvent } from '../model/event.ts'
import type { Page } from './cursor.ts'
import type { Database } from './database.ts'
import { pageOfEvents } from './event-page.ts'

export interface ActorEventFilter {
  /** Event time, epoch ms, from the one and before the other; null for no bound. */
  readonly from: number | null
  readonly to: number | null
  /** Empty for all. */
  readonly actions: readonly Action[]
}

/** All that is stored of one person's events, oldest first. Throws InvalidCursor for a cursor that it did not give out. */
export async function actorEvents(
  db: Database,
  org: string,
  actor: string,
  { from, to, actions }: ActorEventFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<ContactAccessEvent>> {
  const among = actions.length === 0 ? 'TRUE' : `k.action IN (${actions.map(() => '?').join(', ')})`
  const where = `e.time >= ? AND e.time < ? AND ${among}`
  const values = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER, ...actions]
  return await pageOfEvents(db, { list: 'actor-events', org, actor, where, values }, cursor, limit)
}
