import type { TObject } from 'typebox'
import type { Contribution, DetectedFinding } from '../model/alert.ts'
import type { Kind } from '../model/event-batch.ts'
import type { Measure, Window } from '../model/measure.ts'
import type { LeaverState, StaffRecord } from '../model/staff.ts'

/** What is usual, and how unusual a count would be. */
export interface Baseline {
  /** Expected day's peak: own history with the role's peers as the prior. */
  readonly expected: number
  /** Expected day's peak for the role's peers alone. */
  readonly expectedPeers: number
  /** The actor's own days behind it. */
  readonly days: number
  /** log10 of the probability that a day's peak reaches `count`. */
  tailLog10(count: number): number
}

export interface ShareBaseline {
  readonly among: Measure
  /** The share that was most surprising today. */
  readonly seen: number
  readonly expected: number
  readonly expectedPeers: number
}

/** What the engine knows of an actor at one event. Valid only during `examine`. */
export interface Activity {
  readonly event: {
    readonly time: number
    readonly kind: Kind
    readonly objects: number
    readonly recordCount: number | null
  }
  readonly actor: {
    /** As events tell: `user`, `integration`, and so on. */
    readonly type: string
    /** The record by which the actor is a leaver or none. */
    readonly staff: StaffRecord | null
    readonly role: string | null
    readonly leaver: LeaverState
    /** The past is being examined again since a notice. */
    readonly lookBack: boolean
  }
  count(measure: Measure, window: Window): number
  baseline(measure: Measure, window: Window): Baseline
  /** -log10 of the share of the role's person-days on which a test was as surprising as today; 0 when it says nothing. */
  surprise(test: string): number
  /** The count that was most surprising to a test today: later ones in a short window may be smaller. */
  seen(test: string): number
  /** The count that a test's floors are held against: what it saw today, of a CUSUM the day's most over its window. */
  reached(test: string): number
  /** What makes up the day's risk, the largest part first. */
  contributions(): Contribution[]
  /** Score 0 to 100 of the day's whole risk. */
  readonly score: number
  /** What share of another measure's count is usual, for a test of a share. */
  share(test: string): ShareBaseline
  /** Local midnight that began the day. */
  readonly dayStart: number
  /** When the oldest of what is counted in the window happened. */
  since(measure: Measure, window: Window): number
  /** Successful operations within a day, all of them after the last working day. */
  readonly accessesAfterLeaving: number
}

/** When the engine is to ask a detector. */
export type Trigger =
  /** A test's surprise grows. `floor` is the count below which nothing is ever said; of a CUSUM, that over 28 days. */
  | { readonly on: 'test'; readonly test: string; readonly floor: number }
  /** Any successful operation of somebody whose last working day is over. */
  | { readonly on: 'access-after-leaving' }

/** One idea of theft. Pure: the same activity always gives the same finding. */
export interface Detector<P, Id extends string = string> {
  /** File name, configuration key, metric label and docs page. */
  readonly id: Id
  readonly title: string
  /** Types, defaults, validation and docs of the parameters from one place. */
  readonly params: TObject
  readonly defaults: P
  triggers(params: P): readonly Trigger[]
  examine(activity: Activity, params: P): DetectedFinding | null
}
