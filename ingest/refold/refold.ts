import type { Engine } from '../../detectors/engine.ts'
import type { ActorFinding, Refold } from '../../detectors/engine-contract.ts'
import type { ClosedDay } from '../../model/closed-day.ts'
import type { EventBatch } from '../../model/event-batch.ts'
import type { Database } from '../../store/database.ts'
import { readEvents } from '../../store/event-log.ts'
import type { PastRequest, RefoldRequest } from './refold-queue.ts'

export interface Refolded {
  readonly request: RefoldRequest
  readonly findings: ActorFinding[]
  /** All closed days of the actor; they replace the stored ones. */
  readonly closedDays: ClosedDay[]
  /** Events that came meanwhile and belong further up in the past: it is to be folded once more. */
  readonly late: RefoldRequest[]
}

/** Where one actor's rows stand in the batches read back: ordered by time, then seq. */
export interface Row {
  readonly batch: EventBatch
  readonly index: number
}

/** What came for the actor since the store was read, in the order of arrival. */
export type Aside = Row

/** A part of an actor's past, of which `isLast` says that it is the end. */
export interface PastPart {
  readonly actor: number
  readonly rows: readonly Row[]
  readonly isLast: boolean
}

/** So much of a past is in memory at a time, and folded without a break. */
const ROWS_AT_ONCE = 20_000

export interface RefoldParts {
  readonly db: Database
  readonly engine: Pick<Engine, 'beginRefold' | 'takeFindings' | 'takeClosedDays'>
  /** SQL over `event_log e` that bounds the pasts; never built from input. */
  readonly bounds: string
  /** As in EventSelection. */
  readonly whole: boolean
  /** Takes what the engine holds, before anything of a refold is in it. */
  readonly takeOthers: () => void
  /** What came for the actor meanwhile; from here on nothing more is kept. */
  readonly takeAsides: (actor: number) => readonly Aside[]
  readonly done: (refolded: Refolded) => void
}

/**
 * Folds suspended actors' whole pasts again, one after the other, each in parts as it comes from the store, and with what
 * was kept aside meanwhile. Others' events may be folded between two parts.
 */
export async function refoldPasts(requests: readonly PastRequest[], parts: RefoldParts): Promise<void> {
  const waiting = new Map(requests.map((request) => [request.actor, request]))
  let open: OpenRefold | null = null
  const actors = [...waiting.keys()].join(',')
  await eachPast(parts.db, `e.actor IN (${actors}) AND ${parts.bounds}`, parts.whole, ({ actor, rows, isLast }) => {
    const request = waiting.get(actor)
    if (request === undefined) throw new Error('a past was read that nobody asked for')
    parts.takeOthers()
    open ??= openRefold(request, parts)
    open.fold(rows)
    if (!isLast) return
    open.end()
    open = null
    waiting.delete(actor)
  })
  for (const request of waiting.values()) {
    parts.takeOthers()
    openRefold(request, parts).end()
  }
}

interface OpenRefold {
  fold(rows: readonly Row[]): void
  end(): void
}

function openRefold(request: PastRequest, { engine, takeAsides, done }: RefoldParts): OpenRefold {
  const refold = engine.beginRefold(request.actor, {
    reportFrom: request.fromTime,
    leaverFrom: request.leaverFrom,
  })
  const findings: ActorFinding[] = []
  const closedDays: ClosedDay[] = []
  /** All that the engine holds is this actor's. */
  const take = () => {
    for (const finding of engine.takeFindings()) findings.push(finding)
    for (const day of engine.takeClosedDays()) closedDays.push(day)
  }
  return {
    fold(rows) {
      for (const { batch, index } of rows) refold.fold(batch, index)
      take()
    },
    end() {
      const late = foldAsides(refold, request.actor, takeAsides(request.actor))
      refold.end()
      take()
      done({ request, findings, closedDays, late })
    },
  }
}

/** Folds what came meanwhile in the order of time; gives a request for what is late. */
function foldAsides(refold: Refold, actor: number, asides: readonly Aside[]): RefoldRequest[] {
  const timeOf = ({ batch, index }: Row) => batch.time[index]
  const late = [...asides]
    .sort((a, b) => timeOf(a) - timeOf(b))
    .filter(({ batch, index }) => refold.foldNew(batch, index) === 'late')
  return late.map((aside) => ({ actor, fromTime: timeOf(aside), cause: 'late', atTime: timeOf(aside) }))
}

/**
 * Reads actors' pasts back, by actor, each ordered by time, then seq. `where` is over `event_log e` and never built from
 * input; `whole` is as in EventSelection.
 */
export async function eachPast(
  db: Database,
  where: string,
  whole: boolean,
  take: (part: PastPart) => void,
  rowsAtOnce = ROWS_AT_ONCE,
): Promise<void> {
  let actor = -1
  let rows: Row[] = []
  const give = (isLast: boolean) => {
    if (rows.length > 0) take({ actor, rows, isLast })
    rows = []
  }
  await db.withConnection(async (connection) => {
    // In a transaction: DuckDB plans and runs a statement as of different moments, and what the newest row made a
    // condition that always holds when it was planned is left out of the plan; a row committed in between came through.
    await connection.run('BEGIN TRANSACTION READ ONLY')
    for await (const batch of readEvents(connection, { where, orderBy: 'e.actor, e.time, e.seq', whole })) {
      for (let index = 0; index < batch.length; index++) {
        if (batch.actor[index] !== actor) {
          give(true)
          actor = batch.actor[index]
        } else if (rows.length >= rowsAtOnce) give(false)
        rows.push({ batch, index })
      }
    }
    await connection.run('COMMIT')
  })
  give(true)
}
