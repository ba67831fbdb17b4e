import type { AlertBook, AlertChange } from '../alerts/alert-book.ts'
import type { RiskBook } from '../alerts/risk-book.ts'
import type { ActorFinding, Engine } from '../detectors/engine.ts'
import { upsertAlerts } from '../store/alerts.ts'
import {
  addRefoldRequests,
  appendDayPeaks,
  deleteDayPeaks,
  insertDeadLetters,
  removeRefoldRequests,
  writeOffsets,
} from '../store/batch-rows.ts'
import type { Database } from '../store/database.ts'
import { settleRetriedLetters } from '../store/dead-letters.ts'
import { appendDeliveries, type NewDelivery } from '../store/deliveries.ts'
import type { Dictionaries } from '../store/dictionaries.ts'
import { appendEvents } from '../store/event-log.ts'
import { putSourceFiles } from '../store/source-records.ts'
import { appendStaffRecords } from '../store/staff-records.ts'
import { episodeActorOf } from './episode-actor.ts'
import type { OpenBatch } from './open-batch.ts'
import type { Refolded } from './refold.ts'
import type { RefoldRequest } from './refold-queue.ts'
import type { TallyWriter } from './sources/write-tallies.ts'

export interface BatchWriterOptions {
  readonly db: Database
  readonly codes: Dictionaries
  readonly engine: Engine
  readonly book: AlertBook
  readonly risks: RiskBook
  readonly tallies: TallyWriter
  /** What is to be told of the changes; pure. */
  readonly planDeliveries: PlanBatch
}

export type PlanBatch = (changes: readonly AlertChange[], now: number) => readonly NewDelivery[]

/** Groups the batch's findings into alerts: live ones under their own time, those of a notice under the notice's. */
export function groupFindings(batch: OpenBatch, options: BatchWriterOptions, now: number): AlertChange[] {
  const changes: AlertChange[] = []
  const group = ({ actor, finding }: ActorFinding, openedAt: number) => {
    const person = episodeActorOf(options.engine, options.codes, actor, Math.max(finding.time, openedAt))
    const change = options.book.add(person, finding, openedAt, now)
    if (change !== null) changes.push(change)
  }
  for (const found of batch.findings) group(found, found.finding.time)
  for (const { request, findings } of batch.refolded) {
    for (const found of findings) group(found, openingTime(request, found.finding.time))
  }
  return changes
}

export const openingTime = (request: Refolded['request'], findingTime: number): number =>
  request.cause === 'notice' ? Math.max(findingTime, request.atTime) : findingTime

/**
 * Writes the batch as one transaction. When it fails memory is ahead of the store, and the process has to end.
 * `unanswered`: requests that came while their actor's past was being folded, for which this result is not the answer.
 */
export async function writeBatch(
  batch: OpenBatch,
  changes: readonly AlertChange[],
  unanswered: readonly RefoldRequest[],
  options: BatchWriterOptions,
  now: number,
): Promise<void> {
  const connection = options.db.writer
  const refoldedActors = batch.refolded.map(({ request }) => request.actor)
  await connection.run('BEGIN')
  try {
    await options.codes.flush(connection)
    await appendEvents(connection, batch.events, now)
    await deleteDayPeaks(connection, refoldedActors)
    await appendDayPeaks(connection, [...batch.closedDays, ...batch.refolded.flatMap(({ closedDays }) => closedDays)])
    await appendStaffRecords(connection, batch.staff, now)
    await upsertAlerts(
      connection,
      changes.map(({ alert }) => alert),
    )
    await appendDeliveries(connection, options.planDeliveries(changes, now))
    await removeRefoldRequests(connection, refoldedActors)
    await addRefoldRequests(connection, [...batch.requests, ...unanswered])
    await insertDeadLetters(
      connection,
      batch.deadLetters.map((letter) => ({ ...letter, body: batch.bodies.get(letter.letter_uid) ?? null })),
    )
    for (const retried of batch.retried) await settleRetriedLetters(connection, retried)
    await options.tallies.write(connection, batch.tallies)
    await putSourceFiles(connection, [...batch.files.values()])
    await writeOffsets(connection, [...batch.offsets.values()], now)
    await connection.run('COMMIT')
    noteRisks(batch, changes, options)
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** What is stored now is what people's risk follows from. */
function noteRisks(batch: OpenBatch, changes: readonly AlertChange[], { risks, codes }: BatchWriterOptions): void {
  const refolded = batch.refolded.map(({ request }) => request.actor)
  for (const actor of refolded) risks.forgetDays(actor)
  const closed = [...batch.closedDays, ...batch.refolded.flatMap(({ closedDays }) => closedDays)]
  for (const { actor, day, score } of closed) risks.putDay(actor, day, score)
  for (const { alert } of changes) risks.putAlert(codes.actor(alert.org_uid, alert.actor_uid), alert)
}
