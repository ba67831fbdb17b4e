import type { RefoldRun } from '../refold/refold-run.ts'
import type { BatchPair } from './batch-pair.ts'
import { groupFindings, recallAlerts, writeBatch } from './batch-writer.ts'
import type { Examinations } from './examinations.ts'
import type { Intake } from './intake.ts'
import { countKinds, newestTime, resetBatch } from './open-batch.ts'
import type { PartitionOffsets } from './partition-offsets.ts'
import type { PipelineOptions } from './pipeline-contract.ts'
import { settleUnsure } from './settle-unsure.ts'

export interface BatchFlushParts {
  readonly options: PipelineOptions
  readonly batches: BatchPair
  readonly intake: Intake
  readonly refolds: RefoldRun
  readonly examinations: Examinations
  readonly offsets: PartitionOffsets
  /** Memory is ahead of the store: nothing more may be written. */
  readonly fail: (error: Error) => void
}

/** Writes the open batch while the next one fills, begins the foldings that are due, and tells who waits. Does not reject. */
export function createBatchFlush(parts: BatchFlushParts): () => Promise<void> {
  const { options, batches, intake, refolds, examinations, offsets, fail } = parts
  const { engine, hooks, now } = options
  let seq = options.nextSeq

  return async () => {
    const started = now()
    const requests = refolds.begin()
    examinations.begin(requests.map(({ actor }) => actor))
    const batch = batches.swap()
    try {
      // The pasts that this batch begins to fold are read with its events in them, those that another began are not.
      const setAside = requests.length === 0
      await settleUnsure(batch, options, (event) => {
        intake.admit(event.draft, event.eventUid, event.source, batch, setAside)
      })
      batch.findings.push(...engine.takeFindings())
      batch.closedDays.push(...engine.takeClosedDays())
      for (const { finding } of batch.findings) hooks.findings(finding.detector)
      for (const refolded of batch.refolded)
        for (const { finding } of refolded.findings) hooks.findings(finding.detector)
      for (const request of batch.requests) refolds.add(request)
      batch.events.seqBase = seq
      seq += batch.events.length
      await recallAlerts(batch, options)
      const { lookBacks, ...grouped } = groupFindings(batch, options, now())
      const answered = new Set(batch.refolded.map(({ request }) => request.actor))
      const unanswered = [...answered].flatMap((actor) => refolds.of(actor) ?? [])
      unanswered.push(...requests.filter(({ actor }) => answered.has(actor)))
      await writeBatch(batch, grouped, unanswered, options, now())
      offsets.commit(batch.offsets)
      hooks.committed({
        events: batch.events.length,
        seconds: (now() - started) / 1000,
        ...grouped,
        leftOut: [...batch.leftOut.values()],
        deadLetters: batch.deadLetters,
        firstAt: batch.firstAt ?? started,
        newestEventTime: newestTime(batch),
        kinds: countKinds(batch),
        tallies: batch.tallies,
      })
      examinations.settle(lookBacks, (actor) =>
        grouped.changes.filter(({ alert }) => options.codes.findActor(alert.org_uid, alert.actor_uid) === actor),
      )
      for (const waiter of batch.waiters) waiter(null)
      resetBatch(batch)
      if (requests.length > 0) void refolds.run(requests, seq).catch((error) => fail(asError(error)))
      else if (refolds.waiting > 0 && !refolds.running) batches.hurry()
    } catch (error) {
      for (const waiter of batch.waiters) waiter(asError(error))
      fail(asError(error))
    }
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
