import type { ClosedDay } from '../detectors/baseline/actor-history.ts'
import type { Engine } from '../detectors/engine.ts'
import type { ActorFinding } from '../detectors/engine-contract.ts'
import type { EventBatch } from '../model/event-batch.ts'
import type { Database } from '../store/database.ts'
import { readEvents } from '../store/event-log.ts'
import type { RefoldRequest } from './refold-queue.ts'

export interface Refolded {
  readonly request: RefoldRequest
  readonly findings: ActorFinding[]
  /** All closed days of the actor; they replace the stored ones. */
  readonly closedDays: ClosedDay[]
}

/** Where one actor's rows stand in the batches read back: ordered by time, then seq. */
export interface Row {
  readonly batch: EventBatch
  readonly index: number
}

/** What came for the actor since the store was read, in the order of arrival. */
export type Aside = Row

/**
 * Folds one suspended actor's whole past again, with what was kept aside meanwhile, and lets the actor go on. The
 * engine's other findings must have been taken before: all that it then holds is this actor's.
 */
export function refoldActor(
  engine: Engine,
  request: RefoldRequest,
  rows: readonly Row[],
  asides: readonly Aside[],
): Refolded {
  const all = asides.length === 0 ? rows : mergeByTime(rows, asides)
  const firstAside = Math.min(...asides.map(({ batch, index }) => batch.time[index]))
  const fold = engine.beginRefold(request.actor, {
    reportFrom: Math.min(request.fromTime, firstAside),
    leaverFrom: request.cause === 'late' ? null : request.fromTime,
  })
  for (const { batch, index } of all) fold(batch, index)
  engine.endRefold(request.actor)
  return { request, findings: engine.takeFindings(), closedDays: engine.takeClosedDays() }
}

/** Both sorted by time; rows of the store come first among equals, since they arrived first. */
function mergeByTime(rows: readonly Row[], asides: readonly Aside[]): Row[] {
  const timeOf = ({ batch, index }: Row) => batch.time[index]
  const late = [...asides].sort((a, b) => timeOf(a) - timeOf(b))
  const merged: Row[] = []
  let r = 0
  for (const aside of late) {
    while (r < rows.length && timeOf(rows[r]) <= timeOf(aside)) merged.push(rows[r++])
    merged.push(aside)
  }
  while (r < rows.length) merged.push(rows[r++])
  return merged
}

/**
 * Reads actors' pasts back, by actor, each ordered by time, then seq. `where` is over `event_log e` and never built from
 * input; `whole` is as in EventSelection.
 */
export function readPasts(db: Database, where: string, whole: boolean): Promise<Map<number, Row[]>> {
  return db.withConnection(async (connection) => {
    // In a transaction: DuckDB plans and runs a statement as of different moments, and what the newest row made a
    // condition that always holds when it was planned is left out of the plan; a row committed in between came through.
    await connection.run('BEGIN TRANSACTION READ ONLY')
    const batches: EventBatch[] = []
    const selection = { where, orderBy: 'e.actor, e.time, e.seq', whole }
    for await (const batch of readEvents(connection, selection)) batches.push(batch)
    await connection.run('COMMIT')
    return rowsByActor(batches)
  })
}

/** Groups rows read `ORDER BY actor, time, seq` by their actor. */
function rowsByActor(batches: readonly EventBatch[]): Map<number, Row[]> {
  const grouped = new Map<number, Row[]>()
  for (const batch of batches) {
    for (let index = 0; index < batch.length; index++) {
      const rows = grouped.get(batch.actor[index])
      if (rows === undefined) grouped.set(batch.actor[index], [{ batch, index }])
      else rows.push({ batch, index })
    }
  }
  return grouped
}
