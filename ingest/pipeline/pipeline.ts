import type { StaffRecord } from '../../model/staff.ts'
import { addRefoldRequests } from '../../store/refold-queue.ts'
import { inTransaction } from '../../store/transaction.ts'
import { createValueReader } from '../bytes/value-reader.ts'
import { createRefoldRun } from '../refold/refold-run.ts'
import { createRowTaker } from '../sources/take-rows.ts'
import { createBatchDoor } from './batch-door.ts'
import { createBatchPair } from './batch-pair.ts'
import { createExaminations } from './examinations.ts'
import { createBatchFlush } from './flush-batch.ts'
import { createIntake } from './intake.ts'
import { createPartitionOffsets } from './partition-offsets.ts'
import type { Pipeline, PipelineOptions } from './pipeline-contract.ts'
import { createStoreTurns } from './store-turns.ts'
import { createLineSubmit } from './submit-lines.ts'
import { createMessageTaker } from './take-messages.ts'
import { takeStaff } from './take-staff.ts'

/** Puts the parts of the pipeline together: ways in, the batch that fills, and what runs on the store. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { db, codes, engine, hooks, batchMaxEvents } = options
  const batches = createBatchPair(batchMaxEvents)
  batches.open.closedDays.push(...options.closedDays)
  const offsets = createPartitionOffsets(options.offsets)
  const examinations = createExaminations()

  const fail = (error: Error) => {
    turns.fail(error)
    examinations.fail(error)
    batches.fail(error)
    hooks.failed(error)
  }
  const refolds = createRefoldRun({
    ...options,
    pending: options.pendingRefolds,
    batch: () => batches.open,
    done() {
      door.enter()
      batches.hurry()
      turns.schedule()
    },
  })
  const intake = createIntake({ ...options, asides: refolds.asides })
  const turns = createStoreTurns({
    batches,
    refolds,
    write: createBatchFlush({ options, batches, intake, refolds, examinations, offsets, fail }),
    maxDelayMs: options.batchMaxDelayMs,
    after: options.after,
  })

  const door = createBatchDoor(batches, turns, options)
  const readValues = createValueReader(db.hashKey)
  const takeRows = createRowTaker(door, intake, hooks)
  const submitLines = createLineSubmit({ door, intake, readValues, hooks, batchMaxEvents })
  const putStaff = (records: readonly StaffRecord[]) => {
    const batch = door.batch()
    batch.requests.push(...takeStaff(records, codes, engine))
    batch.staff.push(...records)
    hooks.staff(records.length)
  }

  if (refolds.waiting > 0) {
    batches.hurry()
    turns.schedule()
  }

  return {
    nextOffset: offsets.next,
    committedOffset: offsets.committed,
    offsets: offsets.all,
    ...createMessageTaker({ door, intake, offsets, readValues, takeRows, putStaff, options }),
    takeRows,
    drain: turns.drain,

    submitEvents(lines, source, org) {
      if (turns.failure !== null) return Promise.reject(turns.failure)
      return turns.closing ? null : submitLines(lines, source, org)
    },

    async submitStaff(records) {
      if (turns.failure !== null) throw turns.failure
      door.enter()
      putStaff(records)
      await door.stored()
    },

    between: turns.between,

    async examine(request, record) {
      const { examined } = await turns.between(async () => {
        await inTransaction(db.writer, async (connection) => {
          await addRefoldRequests(connection, [request])
          await record(connection)
        })
        // Before the next batch is written: that takes what waits to be folded.
        refolds.add(request)
        door.enter()
        batches.hurry()
        return { examined: examinations.wait(request.actor) }
      })
      return examined
    },

    get failure() {
      return turns.failure
    },
    get refoldsWaiting() {
      return refolds.waiting + (refolds.running ? 1 : 0)
    },

    close: turns.close,
  }
}
