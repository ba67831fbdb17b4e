import type { Database } from './database.ts'

/** The scores, 0 to 100, of one person's closed days from a day on, oldest first. Days without any are left out. */
export async function dayScores(
  db: Database,
  actor: number,
  since: number,
): Promise<{ readonly day: number; readonly score: number }[]> {
  return db.query<{ day: number; score: number }>(
    `SELECT day, max(score) / 100 AS score FROM day_peaks
     WHERE actor = ? AND day >= ? AND own AND score > 0 GROUP BY day ORDER BY day`,
    [actor, since],
  )
}
