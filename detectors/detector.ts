import type { TObject } from 'typebox'
import type { Finding } from '../model/alert.ts'
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

/** What the engine knows of an actor at one event. Valid only during `examine`. */
export interface Activity {
  readonly event: {
    readonly time: number
    readonly kind: Kind
    readonly objects: number
    readonly recordCount: number | null
  }
  readonly actor: {
    readonly staff: StaffRecord | null
    readonly role: string | null
    readonly leaver: LeaverState
    /** The past is being examined again since a notice. */
    readonly lookBack: boolean
  }
  count(measure: Measure, window: Window): number
  baseline(measure: Measure, window: Window): Baseline
  /** The count from which this actor is to be reported: the configured cut on the baseline, not below `floor`. */
  limit(measure: Measure, window: Window): number
  /** When the oldest of what is counted in the window happened. */
  since(measure: Measure, window: Window): number
  /** The running CUSUM of daily residuals, today's count included; `limit` is where it is reported. */
  cusum(measure: Measure): { readonly value: number; readonly limit: number } | null
  /** Successful operations within a day, all of them after the last working day. */
  readonly accessesAfterLeaving: number
}

/** When the engine is to ask a detector. */
export type Trigger =
  /** A count of one of these reaches its limit. `floor` is the count below which nothing is ever reported. */
  | { readonly on: 'count'; readonly measure: Measure; readonly window: Window; readonly floor: number }
  /** The CUSUM of the measure's daily count reaches its limit, and 28 days hold `floor` at least. */
  | { readonly on: 'cusum'; readonly measure: Measure; readonly floor: number }
  /** Any successful operation of somebody whose last working day is over. */
  | { readonly on: 'access-after-leaving' }

/** One idea of theft. Pure: the same activity always gives the same finding. */
export interface Detector<P> {
  /** File name, configuration key, metric label and docs page. */
  readonly id: string
  readonly title: string
  /** Types, defaults, validation and docs of the parameters from one place. */
  readonly params: TObject
  readonly defaults: P
  triggers(params: P): readonly Trigger[]
  examine(activity: Activity, params: P): Finding | null
}
