import type { Database } from '../../store/database.ts'
import { eachRecentUid } from '../../store/event-uids.ts'
import type { SeenUids } from '../seen-uids.ts'

/** Fingerprints of events taken, held for de-duplication: this many at least. */
export const REMEMBERED_EVENTS = 1_000_000

/** Brings back which events the store holds, before more of them are taken. */
export async function rememberTaken(db: Database, seen: SeenUids): Promise<void> {
  const olderUpTo = await eachRecentUid(db, REMEMBERED_EVENTS, seen.remember)
  if (olderUpTo !== null) seen.forgetUpTo(olderUpTo)
}
