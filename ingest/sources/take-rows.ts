import { randomUUID } from 'node:crypto'
import type { Reject } from '../adapters/canonical.ts'
import { eventUidOf } from '../encode.ts'
import type { EventDraft } from '../event-draft.ts'
import type { BatchDoor } from '../pipeline/batch-door.ts'
import type { Intake } from '../pipeline/intake.ts'
import type { OpenBatch } from '../pipeline/open-batch.ts'
import type { DeadLetter } from '../stream-sink.ts'
import type { RejectedRow } from './native-rows.ts'
import type { RowsHandOver } from './rows-hand-over.ts'
import { tallyOf } from './source-tally.ts'

/** What is told as it happens; the rest is told after the commit. */
export interface RowHooks {
  events(source: string, accepted: number, duplicates: number): void
  rejected(source: string, reason: string): void
}

const SLICE = 1_000

/**
 * Takes a hand-over in as many batches as its events need, and what refers to the whole with the last of them: killed
 * before it, everything is read again and what was stored already is found to be known. Resolves when all is taken.
 */
export function createRowTaker(door: BatchDoor, intake: Intake, hooks: RowHooks) {
  return async ({ source, rows, stream, corrections, finish, settled }: RowsHandOver): Promise<void> => {
    const tally = tallyOf(source, rows, door.now(), corrections)
    const settle = (duplicate: boolean) => {
      if (duplicate) tally.duplicates++
      else tally.accepted++
    }
    const handOver = door.handOver(source, null, settle)
    const { events } = rows
    for (let taken = 0; ; ) {
      await door.waitForRoom()
      const batch = door.enter()
      const to = Math.min(events.length, taken + Math.min(SLICE, door.room()))
      const before = { ...tally }
      for (; taken < to; taken++) {
        const refusal = intake.refuse(events[taken])
        if (refusal !== null) {
          rejectEvent(events[taken], refusal, batch)
          continue
        }
        const outcome = intake.takeDraft(events[taken], handOver, batch, false)
        if (outcome !== 'unsure') settle(outcome === 'duplicate')
      }
      hooks.events(source, tally.accepted - before.accepted, tally.duplicates - before.duplicates)
      if (taken === events.length) {
        takeLetters(rows.rejected, batch)
        batch.tallies.push(tally)
        finish?.(batch)
        if (settled !== undefined) batch.waiters.push((error) => settled(error, tally))
        door.schedule()
        return
      }
      door.schedule()
      await door.breathe()
    }

    function takeLetters(rejected: readonly RejectedRow[], batch: OpenBatch): void {
      for (const row of rejected) {
        const letter = letterOf(row)
        batch.deadLetters.push(letter)
        if (row.body !== null) batch.bodies.set(letter.letter_uid, row.body)
        hooks.rejected(source, row.reason)
      }
    }

    /** Which row an event was read from is told by its id alone. */
    function rejectEvent(event: EventDraft, { reason, detail }: Reject, batch: OpenBatch): void {
      const place = { source, topic: stream?.topic ?? null, partition: stream?.partition ?? null }
      const letter_uid = `${source}/${eventUidOf(event)}`
      const where = { ...place, offset: null, line: null }
      batch.deadLetters.push({ letter_uid, received_at: door.now(), ...where, reason, detail, bytes: 0 })
      tally.rejected.set(reason, (tally.rejected.get(reason) ?? 0) + 1)
      hooks.rejected(source, reason)
    }

    function letterOf({ line, offset, reason, detail, bytes }: RejectedRow): DeadLetter {
      // A row of a stream has one place for ever, so that its letter has one id however often it is read.
      const letter_uid =
        stream === null ? randomUUID() : `${stream.topic}/${stream.partition}/${offset}${line > 0 ? `#${line}` : ''}`
      const place = { topic: stream?.topic ?? null, partition: stream?.partition ?? null, offset }
      return {
        letter_uid,
        received_at: door.now(),
        source,
        ...place,
        line: line > 0 ? line : null,
        reason,
        detail,
        bytes,
      }
    }
  }
}
