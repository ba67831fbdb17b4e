import type { AlertBook, AlertChange } from '../../alerts/alert-book.ts'
import type { RiskBook } from '../../alerts/risk-book.ts'
import type { Held, SuppressionBook } from '../../alerts/suppression.ts'
import type { Engine } from '../../detectors/engine.ts'
import type { ActorFinding } from '../../detectors/engine-contract.ts'
import type { Alert } from '../../model/alert.ts'
import { alertsOfActors, upsertAlerts } from '../../store/alerts.ts'
import type { Database } from '../../store/database.ts'
import { appendDayPeaks, deleteDayPeaks } from '../../store/day-peaks.ts'
import { insertDeadLetters, settleRetriedLetters } from '../../store/dead-letters.ts'
import { appendDeliveries, type NewDelivery } from '../../store/deliveries.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import { appendEvents } from '../../store/event-log.ts'
import { addRefoldRequests, removeRefoldRequests } from '../../store/refold-queue.ts'
import { writeOffsets } from '../../store/source-offsets.ts'
import { putSourceCursors, putSourceFiles } from '../../store/source-records.ts'
import { appendStaffRecords } from '../../store/staff-records.ts'
import { countSuppressed } from '../../store/suppressions.ts'
import { inTransaction } from '../../store/transaction.ts'
import { episodeActorOf } from '../episode-actor.ts'
import type { Refolded } from '../refold/refold.ts'
import type { RefoldRequest } from '../refold/refold-queue.ts'
import type { TallyWriter } from '../sources/write-tallies.ts'
import type { OpenBatch } from './open-batch.ts'

export interface BatchWriterOptions {
  readonly db: Database
  readonly codes: Dictionaries
  readonly engine: Engine
  readonly book: AlertBook
  readonly risks: RiskBook
  readonly tallies: TallyWriter
  /** What is to be told of the changes, read from no more than what the transaction sees. */
  readonly planDeliveries: PlanBatch
  readonly suppressions: SuppressionBook
}

/** What a batch's findings make of the alerts, and which of them were held back. */
export interface Grouped {
  readonly changes: readonly AlertChange[]
  readonly held: readonly Held[]
  /** By actor whose past was folded again, where what was found there went. */
  readonly lookBacks: ReadonlyMap<number, LookBack>
}

/** Where the findings of a past went, each to one of three. */
export interface LookBack {
  /** That opened an alert or changed one. */
  readonly added: number
  /** That say nothing that their alerts do not say already, or nothing worse where those are settled. */
  readonly known: number
  readonly suppressed: number
  /** The alerts that hold the known ones. */
  readonly knownIn: ReadonlySet<string>
}

export type PlanBatch = (
  connection: Database['writer'],
  changes: readonly AlertChange[],
  now: number,
) => Promise<readonly NewDelivery[]>

/**
 * Brings back what the store holds of people whose past was folded again: what is found there may belong to episodes
 * that the book has let go, and must neither open them a second time nor touch what analysts made of them.
 */
export async function recallAlerts({ refolded }: OpenBatch, options: BatchWriterOptions): Promise<void> {
  const actors = refolded.flatMap(({ findings }) => (findings.length === 0 ? [] : [findings[0].actor]))
  if (actors.length === 0) return
  const people = actors.map((actor) => {
    const { org_uid, actor_uid } = episodeActorOf(options.engine, options.codes, actor, 0)
    return { org_uid, actor_uid }
  })
  options.book.restore(await alertsOfActors(options.db, people))
}

/** Groups the batch's findings into alerts: live ones under their own time, those of a look-back under the time of its cause. */
export function groupFindings(batch: OpenBatch, options: BatchWriterOptions, now: number): Grouped {
  const changes: AlertChange[] = []
  const group = ({ actor, finding }: ActorFinding, openedAt: number): Whereabouts => {
    const person = episodeActorOf(options.engine, options.codes, actor, Math.max(finding.time, openedAt))
    if (options.suppressions.hold(person, finding, finding.time) !== null) return { went: 'suppressed' }
    const change = options.book.add(person, finding, openedAt, now)
    if (change === null) return { went: 'known', to: options.book.holding(person, finding, openedAt) }
    changes.push(change)
    return { went: 'added' }
  }
  for (const found of batch.findings) group(found, found.knownAt)
  const lookBacks = new Map<number, LookBack>()
  for (const { request, findings } of batch.refolded) {
    const counts = { added: 0, known: 0, suppressed: 0 }
    const knownIn = new Set<string>()
    for (const found of findings) {
      const { went, to = null } = group(found, openingTime(request, found))
      counts[went]++
      if (to !== null) knownIn.add(to.alert_uid)
    }
    lookBacks.set(request.actor, { ...counts, knownIn })
  }
  return { changes, held: options.suppressions.takeHeld(), lookBacks }
}

interface Whereabouts {
  readonly went: 'added' | 'known' | 'suppressed'
  /** The alert that holds a known one. */
  readonly to?: Alert | null
}

export const openingTime = (request: Refolded['request'], { knownAt }: ActorFinding): number =>
  request.cause === 'late' ? knownAt : Math.max(knownAt, request.atTime)

/**
 * Writes the batch as one transaction. When it fails memory is ahead of the store, and the process has to end.
 * `unanswered`: requests that came while their actor's past was being folded, for which this result is not the answer.
 */
export async function writeBatch(
  batch: OpenBatch,
  { changes, held }: Pick<Grouped, 'changes' | 'held'>,
  unanswered: readonly RefoldRequest[],
  options: BatchWriterOptions,
  now: number,
): Promise<void> {
  const refoldedActors = batch.refolded.map(({ request }) => request.actor)
  const closed = [...batch.closedDays, ...batch.refolded.flatMap(({ closedDays }) => closedDays)]
  await inTransaction(options.db.writer, async (connection) => {
    await options.codes.flush(connection)
    await appendEvents(connection, batch.events, now)
    await deleteDayPeaks(connection, refoldedActors)
    await appendDayPeaks(connection, closed)
    await appendStaffRecords(connection, batch.staff, now)
    await upsertAlerts(
      connection,
      changes.map(({ alert }) => alert),
    )
    await appendDeliveries(connection, await options.planDeliveries(connection, changes, now))
    await countSuppressed(connection, [...held, ...batch.leftOut.values()])
    await removeRefoldRequests(connection, refoldedActors)
    await addRefoldRequests(connection, [...batch.requests, ...unanswered])
    await insertDeadLetters(
      connection,
      batch.deadLetters.map((letter) => ({ ...letter, body: batch.bodies.get(letter.letter_uid) ?? null })),
    )
    for (const retried of batch.retried) await settleRetriedLetters(connection, retried)
    await options.tallies.write(connection, batch.tallies)
    await putSourceFiles(connection, [...batch.files.values()])
    await putSourceCursors(connection, [...batch.cursors.values()])
    await writeOffsets(connection, [...batch.offsets.values()], now)
  })
  // What is stored now is what people's risk follows from.
  const { risks, codes } = options
  for (const actor of refoldedActors) risks.forgetDays(actor)
  for (const { actor, day, score } of closed) risks.putDay(actor, day, score)
  for (const { alert } of changes) risks.putAlert(codes.actor(alert.org_uid, alert.actor_uid), alert)
}
