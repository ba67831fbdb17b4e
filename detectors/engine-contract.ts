import type { DetectedFinding } from '../model/alert.ts'
import type { EventBatch, Kind } from '../model/event-batch.ts'
import type { ActorDirectory } from './actor-table.ts'
import type { Calendar } from './days/calendar.ts'
import type { BoundDetector } from './registry.ts'
import type { AlertBudget, Calibration, RiskCuts } from './risk/calibration.ts'
import type { Speech } from './said.ts'
import type { ObjectOrder } from './signs/neighbours.ts'

export interface EngineOptions {
  readonly calendar: Calendar
  readonly detectors: readonly BoundDetector[]
  readonly budget?: AlertBudget
  /** Risks from which alerts open, instead of those that the budget gives. */
  readonly cuts?: RiskCuts
  /** Told of every risk when it is weighed, whatever the cuts: for asking what others would have found. */
  readonly onWeighed?: (weighed: Weighed) => void
  /** How far behind the actor's newest event one is still put in its place here; later ones need `refold`. */
  readonly reorderToleranceMs: number
  readonly directory: ActorDirectory
  readonly kindOf: (code: number) => Kind
  readonly order?: ObjectOrder
  /** The address behind an origin, as a code; -1 when it has none. */
  readonly placeOf?: (origin: number) => number
  /** The program behind an origin, as a code; -1 when none is known. */
  readonly programOf?: (origin: number) => number
  /** Codes of the contacts that are planted to be touched by nobody; it may grow. */
  readonly planted?: ReadonlySet<number>
}

/** A person's risk of the day, just weighed. Valid only while `onWeighed` runs. */
export interface Weighed {
  readonly actor: number
  readonly time: number
  readonly day: number
  /** The highest of the day. */
  readonly risk: number
  /** Whether it is higher than before, or only counts have grown. */
  readonly hasGrown: boolean
  /** Held to the leaver's limit. */
  readonly leaver: boolean
  readonly calibration: Calibration
  /** The detectors that speak. */
  speeches(): readonly Speech<BoundDetector>[]
  /** What these say of it. */
  findings(detectors: readonly BoundDetector[]): DetectedFinding[]
}

/** `late`, `suspended`: not folded; the actor's past has to be folded again with this event in it. */
export type FoldOutcome = 'folded' | 'late' | 'suspended'

export interface ActorFinding {
  readonly actor: number
  readonly finding: DetectedFinding
  /** Event time at which it could be known, epoch ms: the finding's own, or when HR recorded the notice that looks back on it. */
  readonly knownAt: number
}

/** What a staff record changes. */
export interface StaffOutcome {
  readonly changed: boolean
  readonly becameLeaver: boolean
  readonly leftEarlier: number | null
}

/** How a past is folded again. */
export interface RefoldPlan {
  /** Findings before this event time are known already and are not reported again. */
  readonly reportFrom: number
  /** From this event time on the actor is held to the leaver's limit; null for as the staff records say. */
  readonly leaverFrom: number | null
}

/** One actor's past that is folded again, from its first event on; others' events may be folded meanwhile. */
export interface Refold {
  /** Folds row `i` of the past, in the order of time, then seq. */
  fold(batch: EventBatch, i: number): void
  /** Folds a row that came meanwhile, behind the past, and reports what it brings; `late` when it belongs further up. */
  foldNew(batch: EventBatch, i: number): Exclude<FoldOutcome, 'suspended'>
  /** The actor goes on from here. */
  end(): void
}

/** One actor's counts against baselines, for showing. */
export interface SlotState {
  readonly slot: number
  readonly count: number
  readonly expected: number
  readonly expectedPeers: number
  readonly limit: number
  readonly days: number
}
