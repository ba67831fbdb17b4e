import type { AlertBook, AlertChange } from '../../alerts/alert-book.ts'
import type { RiskBook } from '../../alerts/risk-book.ts'
import type { Held, SuppressionBook } from '../../alerts/suppression.ts'
import type { Engine } from '../../detectors/engine.ts'
import type { ClosedDay } from '../../model/closed-day.ts'
import type { StaffRecord } from '../../model/staff.ts'
import type { Database } from '../../store/database.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import type { RefoldRequest } from '../refold/refold-queue.ts'
import type { SeenUids } from '../seen-uids.ts'
import type { RowsHandOver } from '../sources/rows-hand-over.ts'
import type { Source } from '../sources/source.ts'
import type { SourceTally } from '../sources/source-tally.ts'
import type { TallyWriter } from '../sources/write-tallies.ts'
import type { BlockSink, DeadLetter } from '../stream-sink.ts'
import type { PlanBatch } from './batch-writer.ts'
import type { Examined } from './examinations.ts'

/** What happened, for metrics and listeners; called on the service's own thread, must not throw. */
export interface PipelineHooks {
  events(source: string, accepted: number, duplicates: number): void
  rejected(source: string, reason: string): void
  findings(detector: string): void
  /** After the commit: what changed, how many events it held, and how long it took. */
  committed(batch: {
    readonly events: number
    readonly seconds: number
    readonly changes: readonly AlertChange[]
    /** What suppressions held back. */
    readonly held: readonly Held[]
    /** Events that suppressions left out of the counts. */
    readonly leftOut: readonly Held[]
    readonly deadLetters: readonly DeadLetter[]
    /** Wall clock at which the batch's first message came. */
    readonly firstAt: number
    readonly newestEventTime: number
    /** Events by kind code. */
    readonly kinds: ReadonlyMap<number, number>
    /** What sources' rows came to. */
    readonly tallies: readonly SourceTally[]
  }): void
  staff(records: number): void
  failed(error: Error): void
}

export interface PipelineOptions {
  readonly db: Database
  readonly codes: Dictionaries
  readonly engine: Engine
  readonly book: AlertBook
  readonly risks: RiskBook
  readonly suppressions: SuppressionBook
  readonly seen: SeenUids
  readonly hooks: PipelineHooks
  readonly planDeliveries: PlanBatch
  readonly defaultOrg: string
  readonly staffTopic: string | null
  readonly batchMaxEvents: number
  readonly batchMaxDelayMs: number
  readonly maxFutureMs: number
  readonly keepDeadLetterBodies: boolean
  /** Pasts are read back with all fields, which only rules of the operator's own need. */
  readonly wholeEvents: boolean
  readonly nextSeq: number
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly next: bigint }[]
  readonly pendingRefolds: readonly RefoldRequest[]
  /** Days that closed during the rebuild, to be stored with the first batch. */
  readonly closedDays: readonly ClosedDay[]
  readonly now: () => number
  /** Calls back after `ms`; returns the way to call it off. */
  readonly after: (ms: number, callback: () => void) => () => void
  /** Lets others on the thread, such as API requests, have their turn between slices. */
  readonly breathe: () => Promise<void>
  /** Name under which stream events are counted and stored. */
  readonly streamSource: string
  /** Sources whose rows come by a topic of their own. */
  readonly streams: ReadonlyMap<string, Source>
  readonly tallies: TallyWriter
}

export interface SubmitResult {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: { readonly line: number; readonly reason: string }[]
}

/**
 * The one writer. Messages are parsed and folded as they come, into an open batch; while one batch is being written the
 * next one fills. A batch is one transaction: events, offsets, findings, alerts. An error ends the pipeline for good:
 * memory is then ahead of the store, and a restart rebuilds it.
 */
export interface Pipeline extends BlockSink {
  /** Events by hand-over (HTTP): resolves after the commit; null when there is no room. */
  submitEvents(lines: readonly Buffer[], source: string, org: string | null): Promise<SubmitResult> | null
  /** Rows of a source, in their order; resolves when there is room for more. */
  takeRows(hand: RowsHandOver): Promise<void>
  /** Staff records; resolves after the commit. */
  submitStaff(records: readonly StaffRecord[]): Promise<void>
  /** Runs a task on the store while no batch is being written; the next batch waits for it. */
  between<T>(task: () => Promise<T>): Promise<T>
  /**
   * Has a person's whole past folded again for an analyst. `record` writes in the transaction of the request, which is
   * durable before the folding begins. Resolves when the result is stored.
   */
  examine(request: RefoldRequest, record: (connection: Database['writer']) => Promise<void>): Promise<Examined>
  readonly failure: Error | null
  /** Pasts waiting to be folded again. */
  readonly refoldsWaiting: number
  /** Lets what is open be written, and stops. */
  close(): Promise<void>
}
