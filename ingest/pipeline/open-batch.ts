import type { Held } from '../../alerts/suppression.ts'
import type { ActorFinding } from '../../detectors/engine-contract.ts'
import type { ClosedDay } from '../../model/closed-day.ts'
import { createEventBatch, type EventBatch } from '../../model/event-batch.ts'
import type { StaffRecord } from '../../model/staff.ts'
import type { RetriedLetters } from '../../store/dead-letters.ts'
import type { SourceCursorRow, SourceFileRow } from '../../store/source-records.ts'
import type { EventDraft } from '../event-draft.ts'
import type { Refolded } from '../refold/refold.ts'
import type { RefoldRequest } from '../refold/refold-queue.ts'
import type { SourceTally } from '../sources/source-tally.ts'
import type { DeadLetter } from '../stream-sink.ts'

/** Where a partition's reading goes on once the batch is stored. */
export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  next: bigint
}

/** An event that may be in the store already; the store is asked before the batch is written. */
export interface UnsureEvent {
  readonly draft: EventDraft
  readonly eventUid: string
  readonly source: string
  readonly settle: (duplicate: boolean) => void
}

/** What goes into one transaction. */
export interface OpenBatch {
  readonly events: EventBatch
  readonly offsets: Map<string, PartitionOffset>
  deadLetters: DeadLetter[]
  /** Text of dead letters that are to be kept, by letter_uid. */
  readonly bodies: Map<string, string>
  /** What sources' rows came to. */
  tallies: SourceTally[]
  /** How far files have been taken, by source and file_uid. */
  readonly files: Map<string, SourceFileRow>
  /** How far sources have been pulled, by source. */
  readonly cursors: Map<string, SourceCursorRow>
  /** Dead letters that were read again. */
  retried: RetriedLetters[]
  staff: StaffRecord[]
  unsure: UnsureEvent[]
  findings: ActorFinding[]
  closedDays: ClosedDay[]
  refolded: Refolded[]
  requests: RefoldRequest[]
  /** Called after the commit, or with the error that ended it. */
  waiters: ((error: Error | null) => void)[]
  /** Events that suppressions left out of the counts, by suppression. */
  readonly leftOut: Map<string, Held>
  /** Written as soon as can be, though nothing may be in it: what waits to be folded again is begun with it. */
  isHurried: boolean
  /** Wall clock of the first entry, for the delay; null while empty. */
  firstAt: number | null
}

export function createOpenBatch(capacity: number): OpenBatch {
  return {
    events: createEventBatch(capacity),
    offsets: new Map(),
    deadLetters: [],
    bodies: new Map(),
    tallies: [],
    files: new Map(),
    cursors: new Map(),
    retried: [],
    staff: [],
    unsure: [],
    findings: [],
    closedDays: [],
    refolded: [],
    requests: [],
    waiters: [],
    leftOut: new Map(),
    isHurried: false,
    firstAt: null,
  }
}

export function isEmpty(batch: OpenBatch): boolean {
  return (
    !batch.isHurried &&
    batch.events.length === 0 &&
    batch.offsets.size === 0 &&
    batch.deadLetters.length === 0 &&
    batch.tallies.length === 0 &&
    batch.files.size === 0 &&
    batch.cursors.size === 0 &&
    batch.retried.length === 0 &&
    batch.staff.length === 0 &&
    batch.unsure.length === 0 &&
    batch.findings.length === 0 &&
    batch.closedDays.length === 0 &&
    batch.refolded.length === 0 &&
    batch.requests.length === 0 &&
    batch.waiters.length === 0
  )
}

/** Makes the batch empty; its arrays are used again. */
export function resetBatch(batch: OpenBatch): void {
  const { events } = batch
  events.objects.fill(null, 0, events.length)
  events.logicalOp.fill(null, 0, events.length)
  events.extra.fill(null, 0, events.length)
  events.length = 0
  batch.offsets.clear()
  batch.bodies.clear()
  batch.deadLetters = []
  batch.tallies = []
  batch.files.clear()
  batch.cursors.clear()
  batch.retried = []
  batch.staff = []
  batch.unsure = []
  batch.findings = []
  batch.closedDays = []
  batch.refolded = []
  batch.requests = []
  batch.waiters = []
  batch.leftOut.clear()
  batch.isHurried = false
  batch.firstAt = null
}

/** Newest event time of the batch; -Infinity without events. */
export function newestTime(batch: OpenBatch): number {
  let newest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < batch.events.length; i++) if (batch.events.time[i] > newest) newest = batch.events.time[i]
  return newest
}

/** Events of the batch by kind code. */
export function countKinds({ events }: OpenBatch): Map<number, number> {
  const counts = new Map<number, number>()
  for (let i = 0; i < events.length; i++) counts.set(events.kind[i], (counts.get(events.kind[i]) ?? 0) + 1)
  return counts
}
