import type { DETECTORS } from '../detectors/registry.ts'
import type { Severity } from '../model/alert.ts'
import type { Comparison, CorrelationType } from '../model/custom-rule.ts'
import type { DeliveryFailure } from '../model/delivery.ts'
import type { ContributionKind } from '../model/finding-facts.ts'
import type { Language } from '../model/language.ts'
import type { Measure, Window } from '../model/measure.ts'
import type { AlertStatus, Verdict } from '../model/triage.ts'
import type { Forms, Numbers } from './numbers.ts'

export type DetectorId = (typeof DETECTORS)[number]['id']

/**
 * Everything that is said in one language. All languages have this one shape, so that a sentence that one of them lacks
 * is a type error. `#` in forms is where the number goes. Sentences begin in lower case and end without a full stop.
 */
export interface Catalogue {
  readonly language: Language
  readonly numbers: Numbers
  readonly measures: Readonly<Record<Measure, MeasureWords>>
  readonly spans: SpanWords
  readonly sentences: Sentences
  readonly rules: RuleWords
  readonly reasons: ReasonWords
  readonly detectors: DetectorWords
  readonly severities: Readonly<Record<Severity, string>>
  readonly messages: MessageWords
  readonly triage: TriageWords
}

export interface MeasureWords {
  /** What was done so many times: `opened 143 different contacts`. */
  readonly done: Forms
  /** What has been more than usual day after day: `opened more different contacts`. */
  readonly risen: string
  /** What is counted: `contacts opened`. */
  readonly name: string
}

export interface SpanWords {
  /** `in an hour`. */
  readonly windows: Readonly<Record<Window, string>>
  readonly minutes: Forms
  readonly hours: Forms
  /** Lengths of custom rules, as `in` takes them. */
  readonly units: Readonly<Record<'day' | 'hour' | 'minute' | 'second', Forms>>
  /** `in 34 minutes`, of a length. */
  within(length: string): string
}

/** What is usual, in numbers of the language; `own` is null while the person has no past. */
export interface Usual {
  readonly own: string | null
  readonly peers: string
  readonly role: string | null
}

export interface Sentences {
  readonly lessThanOne: string
  /** `opened 143 different contacts in 20 minutes`. */
  did(what: string, span: string): string
  /** `usual for this person is 6, for reception 9`. */
  usual(usual: Usual): string
  /** The same, the peers first. */
  usualOfPeers(usual: Usual): string
  /** The person's whole team does more than its people usually do. */
  readonly teamToo: string
  /** Joins what was done to its share: `..., 80% of all opened`. */
  ofAll(did: string, share: string): string
  /** `total`: over 28 days; null of what is counted by the day alone. */
  risen(risen: string, lastDay: string, usual: string, total: string | null): string
  afterLeaving(accesses: number): string
  /** Dates are in the language already. */
  inNotice(since: string | null, lastDay: string | null): string
  hasLeft(lastDay: string | null): string
  readonly lookBack: string
  /** Names other detectors behind a sentence. */
  also(titles: readonly string[]): string
}

export interface RuleWords {
  /** `rule "Many exports": 12 events in 34 minutes (at least 10 in 1 hour)`. */
  matched(title: string, seen: string, condition: string): string
  readonly and: string
  readonly unknown: string
  readonly comparisons: Readonly<Record<Comparison['op'], string>>
  counted(
    type: CorrelationType,
    observed: number,
    of: { readonly fields: readonly string[]; readonly rules: number },
  ): string
}

export interface ReasonWords {
  /** What is compared, of a measure's name and a span. */
  readonly what: Readonly<Record<ContributionKind, (name: string, span: string) => string>>
  /** `143 (usual for the person 6, for the role 9)`; `own` is null of somebody without history, `peers` where nothing is compared. */
  numbers(observed: string, own: string | null, peers: string | null): string
}

export interface DetectorWords {
  readonly titles: Readonly<Record<DetectorId, string>>
  /** The first step of each detector's runbook, as plain text. */
  readonly firstSteps: Readonly<Record<DetectorId, string>>
  /** For custom rules. */
  readonly generalStep: string
}

/** What analysts did, behind their name and a colon. */
export interface TriageWords {
  readonly somebody: string
  readonly statuses: Readonly<Record<AlertStatus, string>>
  readonly verdicts: Readonly<Record<Verdict, string>>
  status(status: string): string
  verdict(verdict: string): string
  readonly noVerdict: string
  assignee(name: string): string
  readonly noAssignee: string
  labelAdded(label: string): string
  labelRemoved(label: string): string
  readonly note: string
}

export interface MessageWords {
  readonly news: {
    readonly opened: string
    /** It goes beyond one of the same episode. */
    readonly openedBeyond: string
    readonly repeated: string
    readonly escalated: string
    readonly grown: string
    readonly leavingNow: string
    wentFrom(before: Severity, after: Severity): string
  }
  /** Heads a message: the severity, and who. */
  title(severity: Severity, who: string, leaving: boolean): string
  readonly unreadableId: string
  readonly nothingSaid: string
  readonly notLeaving: string
  leaving(since: string | null, lastDay: string | null): string
  /** Of a leaver of today who was none at the time; `leaving`: as `leaving` says it. */
  leavingSince(leaving: string): string
  score(score: string): string
  readonly labels: Readonly<
    Record<'leaving' | 'position' | 'person' | 'severity' | 'score' | 'since' | 'alert' | 'why' | 'doFirst', string>
  >
  readonly open: string
  alerts(count: number): string
  more(count: number): string
  readonly undelivered: {
    title(channel: string): string
    what(of: { severity: Severity | null; since: string; failure: DeliveryFailure; answer: number | null }): string
    readonly todo: string
    readonly failures: Readonly<Record<DeliveryFailure, string>>
  }
  readonly test: { readonly title: string; text(channel: string): string }
}
