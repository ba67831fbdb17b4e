import type { Database } from '../../store/database.ts'
import { knownEventUids, uidKey } from '../../store/event-uids.ts'
import type { SeenUids } from '../seen-uids.ts'
import type { OpenBatch, UnsureEvent } from './open-batch.ts'
import type { PipelineHooks } from './pipeline-contract.ts'

export interface SettleParts {
  readonly db: Database
  readonly seen: SeenUids
  readonly hooks: Pick<PipelineHooks, 'events'>
}

/** Asks the store about the batch's events that may be in it already; the new ones go to `admit`. */
export async function settleUnsure(
  batch: Pick<OpenBatch, 'unsure'>,
  { db, seen, hooks }: SettleParts,
  admit: (event: UnsureEvent) => void,
): Promise<void> {
  if (batch.unsure.length === 0) return
  const times = batch.unsure.map(({ draft }) => draft.time)
  const from = times.reduce((a, b) => Math.min(a, b))
  const to = times.reduce((a, b) => Math.max(a, b))
  const uids = batch.unsure.map(({ draft, eventUid }) => ({ org: draft.org_uid, uid: eventUid }))
  const known = await knownEventUids(db, uids, from, to)
  for (const event of batch.unsure) {
    const { draft, eventUid, source } = event
    const key = uidKey(draft.org_uid, eventUid)
    const duplicate = known.has(key)
    known.add(key)
    event.settle(duplicate)
    hooks.events(source, duplicate ? 0 : 1, duplicate ? 1 : 0)
    if (duplicate) continue
    seen.remember(draft.org_uid, eventUid, draft.time)
    admit(event)
  }
  batch.unsure = []
}
