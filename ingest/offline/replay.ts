import type { AlertChange } from '../../alerts/alert-book.ts'
import type { Alert } from '../../model/alert.ts'
import type { StaffRecord } from '../../model/staff.ts'
import { upsertAlerts } from '../../store/alerts.ts'
import { appendDayPeaks, deleteDayPeaks } from '../../store/day-peaks.ts'
import { readEvents } from '../../store/event-log.ts'
import { appendStaffRecords } from '../../store/staff-records.ts'
import type { Foundation } from '../core.ts'
import { episodeActorOf } from '../episode-actor.ts'
import { openingTime } from '../pipeline/batch-writer.ts'
import { takeStaff } from '../pipeline/take-staff.ts'
import { type Refolded, refoldPasts } from '../refold/refold.ts'
import { pastOf } from '../refold/refold-queue.ts'

export interface FoldStoreOptions {
  readonly staff: readonly StaffRecord[]
  /** Wall clock written as detected_at. */
  readonly now: number
  /** Store alerts and day peaks too. */
  readonly keep: boolean
  readonly onProgress?: (eventsFolded: number) => void
}

/** Each alert twice, in the order in which they opened. */
export interface FoldedAlerts {
  /** As it stood when it opened. */
  readonly opened: readonly Alert[]
  /** As it stands at the end. */
  readonly final: readonly Alert[]
}

/**
 * Folds all stored events in the order of time, staff records taking effect when they were recorded: what a service
 * running all along would have found.
 */
export async function foldStore(foundation: Foundation, options: FoldStoreOptions): Promise<FoldedAlerts> {
  const { db, codes, engine, book } = foundation
  const whole = foundation.customRules !== null
  const staff = [...options.staff].sort((a, b) => a.recorded_at - b.recorded_at)
  const opened: Alert[] = []
  /** Kept in the order of the first change, which opens an alert. */
  const changed = new Map<string, Alert>()
  let nextStaff = 0
  let folded = 0

  const group = (finding: Parameters<typeof book.add>[1], actor: number, openedAt: number): void => {
    const person = episodeActorOf(engine, codes, actor, Math.max(finding.time, openedAt))
    const change: AlertChange | null = book.add(person, finding, openedAt, options.now)
    if (change === null) return
    changed.set(change.alert.alert_uid, change.alert)
    if (change.type === 'alert.opened') opened.push(change.alert)
  }
  const groupLive = () => {
    for (const { actor, finding, knownAt } of engine.takeFindings()) group(finding, actor, knownAt)
  }
  const keepDays = async () => {
    const closed = engine.takeClosedDays()
    if (options.keep) await appendDayPeaks(db.writer, closed)
  }

  const applyStaff = async (record: StaffRecord) => {
    const [request] = takeStaff([record], codes, engine)
    if (request === undefined) return
    groupLive()
    await keepDays()
    engine.suspend(request.actor)
    const bounds = `e.time < ${record.recorded_at}`
    const refolded: Refolded[] = []
    const done = (one: Refolded) => refolded.push(one)
    await refoldPasts([pastOf(request)], {
      db,
      engine,
      bounds,
      whole,
      takeOthers: () => undefined,
      takeAsides: () => [],
      done,
    })
    for (const { findings, closedDays } of refolded) {
      if (options.keep) {
        await deleteDayPeaks(db.writer, [request.actor])
        await appendDayPeaks(db.writer, closedDays)
      }
      for (const found of findings) group(found.finding, found.actor, openingTime(request, found))
    }
  }

  await db.withConnection(async (connection) => {
    for await (const batch of readEvents(connection, { where: 'TRUE', orderBy: 'e.time, e.seq', whole })) {
      for (let i = 0; i < batch.length; i++) {
        while (nextStaff < staff.length && staff[nextStaff].recorded_at <= batch.time[i])
          await applyStaff(staff[nextStaff++])
        engine.fold(batch, i)
      }
      groupLive()
      await keepDays()
      folded += batch.length
      options.onProgress?.(folded)
    }
  })
  while (nextStaff < staff.length) await applyStaff(staff[nextStaff++])
  groupLive()
  await keepDays()
  if (options.keep) {
    await appendStaffRecords(db.writer, staff, options.now)
    await codes.flush(db.writer)
    await upsertAlerts(db.writer, [...changed.values()])
  }
  return { opened, final: [...changed.values()] }
}
