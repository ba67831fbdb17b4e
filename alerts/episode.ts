import { createHash } from 'node:crypto'
import type { Catalogue } from '../messages/catalogue.ts'
import { sayAlert } from '../messages/say-alert.ts'
import { sayFinding } from '../messages/say-finding.ts'
import { type Alert, type DetectedFinding, type Finding, SEVERITIES, type Severity } from '../model/alert.ts'
import { EPISODE_GAP_MS, isOfDaysBefore } from '../model/episode.ts'
import type { LeaverState } from '../model/staff.ts'

/** Scores from which an alert is of a severity; below `medium` it is low. */
export interface SeverityScores {
  readonly medium: number
  readonly high: number
  readonly critical: number
}

/** Whose findings are grouped, and how that person stands at the time. */
export interface EpisodeActor {
  readonly org_uid: string
  readonly actor_uid: string
  readonly staff: Alert['staff']
  readonly leaver: LeaverState
}

/** Of each detector, measure and window an alert keeps up to three, as `addFinding` says. */
const MAX_FINDINGS = 60

/** Access by somebody who has left is a matter of its own, whatever was seen of them while they were still here. */
const AFTER_LEAVING = 'after-leaving'

/** Whether the finding belongs to the alert's episode. */
export function continues(alert: Alert, finding: Pick<Finding, 'time' | 'detector'>): boolean {
  if (isApart(alert, finding)) return false
  return finding.time >= alert.window.from - EPISODE_GAP_MS && finding.time <= lastFindingTime(alert) + EPISODE_GAP_MS
}

/** Whether one look-back found both: it is one question about one person, whose answer is read as one, however far apart the days. */
export function isOfSameLookBack(alert: Alert, finding: DetectedFinding, openedAt: number): boolean {
  if (!finding.look_back || alert.opened_at !== openedAt || isApart(alert, finding)) return false
  return alert.findings.some((one) => one.look_back)
}

const isApart = (alert: Alert, finding: Pick<Finding, 'detector'>): boolean =>
  finding.detector === AFTER_LEAVING && !alert.detectors.includes(AFTER_LEAVING)

const lastFindingTime = (alert: Alert): number => Math.max(...alert.findings.map((finding) => finding.time))

export interface OpenOptions {
  readonly severity: SeverityScores
  /** Event time at which the alert could open first: of a look-back, when the notice came. */
  readonly openedAt: number
  /** Wall clock. */
  readonly now: number
  /** In which the alert explains itself. */
  readonly words: Catalogue
  /** The alert that the new one goes beyond. */
  readonly follows: string | null
}

/**
 * Opens an alert on its first finding. The uid follows from person and time, so that a replay gives the same one; two
 * findings of one moment can open two alerts only if the second goes beyond the first.
 */
export function openAlert(actor: EpisodeActor, finding: DetectedFinding, options: OpenOptions): Alert {
  const after = options.follows === null ? [] : [options.follows]
  const key = [actor.org_uid, actor.actor_uid, finding.time, finding.detector, ...after].join('\u0000')
  const blank: Alert = {
    alert_uid: `a.${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`,
    org_uid: actor.org_uid,
    actor_uid: actor.actor_uid,
    detector: finding.detector,
    detectors: [],
    score: 0,
    severity: 'low',
    status: 'new',
    verdict: null,
    assignee: null,
    labels: [],
    version: 0,
    follows: options.follows,
    closed_at: null,
    leaver: actor.leaver !== 'none',
    opened_at: options.openedAt,
    updated_at: options.openedAt,
    detected_at: options.now,
    window: { from: finding.window_from, to: finding.window_to },
    summary: '',
    staff: actor.staff,
    findings: [],
  }
  return extendAlert(blank, actor, finding, options)
}

/** The alert with one more finding; the same alert when it says nothing new. */
export function extendAlert(
  alert: Alert,
  actor: EpisodeActor,
  finding: DetectedFinding,
  options: Omit<OpenOptions, 'now' | 'follows'>,
): Alert {
  const findings = addFinding(alert.findings, { ...finding, sentence: sayFinding(finding, options.words) })
  if (findings === alert.findings) return alert
  const best = bestPerDetector(findings)
  // Each finding is scored by the whole day's risk already.
  const score = Math.max(...best.map((one) => one.score))
  const [leading] = best
  return {
    ...alert,
    version: alert.version + 1,
    detector: leading.detector,
    detectors: best.map((one) => one.detector),
    score,
    severity: severityOf(score, options.severity),
    leaver: alert.leaver || actor.leaver !== 'none',
    staff: actor.staff ?? alert.staff,
    updated_at: Math.max(alert.updated_at, options.openedAt),
    window: {
      from: Math.min(alert.window.from, finding.window_from),
      to: Math.max(alert.window.to, finding.window_to),
    },
    summary: sayAlert(leading, best.slice(1), options.words),
    findings: [...findings],
  }
}

/** A count that has grown by so much is worth an alert of its own, after one of the same episode was settled. */
const MUCH_MORE = 2

/** Whether a finding makes a settled episode worse: more severe, or much more of what was seen, or something else as strong. */
export function goesBeyond(settled: Alert, extended: Alert, finding: DetectedFinding): boolean {
  if (SEVERITIES.indexOf(extended.severity) > SEVERITIES.indexOf(settled.severity)) return true
  const same = settled.findings.filter((one) => slotKey(one) === slotKey(finding))
  if (same.length === 0) return !settled.detectors.includes(finding.detector) && finding.score >= settled.score
  return (finding.observed ?? 0) >= MUCH_MORE * Math.max(...same.map(({ observed }) => observed ?? 0), 1)
}

export function severityOf(score: number, scores: SeverityScores): Severity {
  if (score >= scores.critical) return 'critical'
  if (score >= scores.high) return 'high'
  return score >= scores.medium ? 'medium' : 'low'
}

const slotKey = (finding: DetectedFinding): string => `${finding.detector} ${finding.measure} ${finding.window}`

/**
 * Keeps of each kind, on look-back of each episode, the first finding, the strongest, and the strongest of the days before
 * that one, in the order of time; the same findings when the new one is none of these.
 */
function addFinding(findings: readonly Finding[], finding: Finding): readonly Finding[] {
  const isNear = (one: Finding) => !finding.look_back || Math.abs(one.time - finding.time) <= EPISODE_GAP_MS
  const same = findings.filter((one) => slotKey(one) === slotKey(finding) && isNear(one))
  const [first, ...others] = same
  const strongest = strongestOf(same)
  const ofDaysBefore = strongestOf(same.filter((one) => isOfDaysBefore(one, finding)))
  const known = same.some((one) => one.time === finding.time && one.observed === finding.observed)
  if (known) return findings
  if (first !== undefined && strongest !== null && !isStronger(finding, strongest) && finding.time >= first.time) {
    return findings
  }
  const replaced = others.filter((one) => one !== ofDaysBefore && isStronger(finding, one))
  const kept = findings.filter((one) => !replaced.includes(one))
  const all = [...kept, finding].sort((a, b) => a.time - b.time || a.detector.localeCompare(b.detector))
  if (all.length <= MAX_FINDINGS) return all
  const spare = leastNeeded(all)
  return spare === finding ? findings : all.filter((one) => one !== spare)
}

/** The weakest that is neither the first of its kind nor its detector's best; where all are one of these, the weakest. */
function leastNeeded(findings: readonly Finding[]): Finding {
  const firsts = new Map(findings.toReversed().map((one) => [slotKey(one), one]))
  const needed = new Set([...firsts.values(), ...bestPerDetector(findings)])
  const others = findings.filter((one) => !needed.has(one))
  return (others.length > 0 ? others : findings).reduce((least, one) => (isStronger(least, one) ? one : least))
}

const strongestOf = (findings: readonly Finding[]): Finding | null =>
  findings.reduce<Finding | null>((best, one) => (best === null || isStronger(one, best) ? one : best), null)

/** Findings of one moment share the score of its risk: of them the more improbable count, then the larger, is the stronger. */
const isStronger = (one: Finding, other: Finding): boolean => byStrength(one, other) < 0

const byStrength = (one: Finding, other: Finding): number =>
  other.score - one.score ||
  (one.tail_log10 ?? 0) - (other.tail_log10 ?? 0) ||
  (other.observed ?? 0) - (one.observed ?? 0)

/** Near the top scores say little any more, and the larger count tells the story better. */
const leads = (one: Finding, other: Finding): boolean =>
  one.score >= SATURATED && other.score >= SATURATED
    ? (one.observed ?? 0) > (other.observed ?? 0)
    : isStronger(one, other)

const SATURATED = 98

/** Per detector its strongest finding, strongest detector first. */
export function bestPerDetector(findings: readonly Finding[]): Finding[] {
  const best = new Map<string, Finding>()
  for (const finding of findings) {
    const known = best.get(finding.detector)
    if (known === undefined || leads(finding, known)) best.set(finding.detector, finding)
  }
  return [...best.values()].sort((a, b) => byStrength(a, b) || a.detector.localeCompare(b.detector))
}
