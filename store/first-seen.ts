import type { Database } from './database.ts'

/**
 * Time of the actor's oldest stored event, epoch ms; null when there is none. The log stands nearly in the order of
 * time: below the time of the event that was stored first nothing but its oldest blocks has to be read.
 */
export async function firstSeen(db: Database, actor: number): Promise<number | null> {
  const [early] = await db.query<{ time: number }>('SELECT time FROM event_log WHERE actor = ? LIMIT 1', [actor])
  if (early === undefined) return null
  const [first] = await db.query<{ time: number | null }>(
    'SELECT min(time) AS time FROM event_log WHERE actor = ? AND time <= ?',
    [actor, early.time],
  )
  return first?.time ?? null
}
