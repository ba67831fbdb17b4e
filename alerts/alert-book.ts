import { catalogueOf } from '../messages/catalogues.ts'
import type { Alert, DetectedFinding } from '../model/alert.ts'
import { outgrows, weightOf } from '../model/episode.ts'
import { DEFAULT_LANGUAGE, type Language } from '../model/language.ts'
import {
  continues,
  type EpisodeActor,
  extendAlert,
  goesBeyond,
  isOfSameLookBack,
  openAlert,
  type SeverityScores,
} from './episode.ts'
import { isSettled } from './triage.ts'

export interface AlertChange {
  readonly type: 'alert.opened' | 'alert.updated'
  readonly alert: Alert
  /** As it was; null when it was opened just now. */
  readonly before: Alert | null
}

export interface AlertBookOptions {
  readonly severity: SeverityScores
  /** In which alerts explain themselves. */
  readonly language?: Language
}

/** The alerts that findings may still extend, by person: what the store holds of them, and what is about to be written. */
export interface AlertBook {
  /** Takes alerts as stored; those that it holds already stay as they are. */
  restore(alerts: readonly Alert[]): void
  /**
   * Groups a finding into the person's alert of that episode or look-back, or opens one. `openedAt` is the event time
   * at which it became known: the finding's own, or of a look-back when the notice came. Null when it says nothing new,
   * or nothing worse of an episode that analysts have settled. What is worse than a settled alert, or outgrows one
   * that is not, opens an alert that follows it.
   */
  add(actor: EpisodeActor, finding: DetectedFinding, openedAt: number, now: number): AlertChange | null
  /** The alert whose episode or look-back a finding belongs to, as it is now; null while there is none. */
  holding(actor: EpisodeActor, finding: DetectedFinding, openedAt: number): Alert | null
  of(org: string, actor: string): readonly Alert[]
  /** Takes an alert as an analyst left it; one that is not held is of no more use here. */
  replace(alert: Alert): void
}

/** Of an episode's alerts, of which each goes beyond the one before, the last one's index. */
function newestOf(known: readonly Alert[], at: number): number {
  if (at === -1) return at
  const next = known.findIndex(({ follows }) => follows === known[at].alert_uid)
  return next === -1 ? at : newestOf(known, next)
}

/** An alert that follows another holds nothing of before its beginning: when a past is folded again, that is the other's. */
const hadBegun = (alert: Alert, finding: DetectedFinding): boolean =>
  alert.follows === null || finding.look_back || finding.time >= alert.findings[0].time

/** Of a person's alerts the one that a finding belongs to. */
function holderOf(known: readonly Alert[], finding: DetectedFinding, openedAt: number): Alert | null {
  const begun = known.filter((alert) => hadBegun(alert, finding))
  const ofEpisode = begun.findLastIndex((alert) => continues(alert, finding))
  const at = newestOf(
    begun,
    ofEpisode !== -1 ? ofEpisode : begun.findLastIndex((alert) => isOfSameLookBack(alert, finding, openedAt)),
  )
  return at === -1 ? null : begun[at]
}

/** Look-backs read a past as one. */
const standsApart = ({ findings }: Alert, finding: DetectedFinding): boolean =>
  !finding.look_back && outgrows(weightOf(finding), findings.map(weightOf))

/** So many of a person's newest alerts, and the one opened last, are held here; the store has them all. */
const KEPT_PER_ACTOR = 20

export function createAlertBook(options: AlertBookOptions): AlertBook {
  const words = catalogueOf(options.language ?? DEFAULT_LANGUAGE)
  /** In the order of `opened_at`, which is that of the store: a past that is folded again opens older ones later. */
  const byActor = new Map<string, Alert[]>()
  const keyOf = (org: string, actor: string) => `${org}\u0000${actor}`

  return {
    restore(alerts) {
      const grown = new Set<Alert[]>()
      for (const alert of alerts) {
        const key = keyOf(alert.org_uid, alert.actor_uid)
        const known = byActor.get(key) ?? []
        byActor.set(key, known)
        if (known.some(({ alert_uid }) => alert_uid === alert.alert_uid)) continue
        known.push(alert)
        grown.add(known)
      }
      for (const known of grown) known.sort((a, b) => a.opened_at - b.opened_at)
    },
    add(actor, finding, openedAt, now) {
      const key = keyOf(actor.org_uid, actor.actor_uid)
      const known = byActor.get(key) ?? []
      byActor.set(key, known)
      const current = holderOf(known, finding, openedAt)
      const open = (follows: string | null): AlertChange => {
        const alert = openAlert(actor, finding, { ...options, words, openedAt, now, follows })
        const at = known.findLastIndex((one) => one.opened_at <= openedAt) + 1
        known.splice(at, 0, alert)
        if (known.length > KEPT_PER_ACTOR) known.splice(at === 0 ? 1 : 0, 1)
        return { type: 'alert.opened', alert, before: null }
      }
      if (current === null) return open(null)
      const alert = extendAlert(current, actor, finding, { ...options, words, openedAt })
      if (alert === current) return null
      const isFollowed = known.some(({ follows }) => follows === current.alert_uid)
      const settled = isSettled(current.status)
      const isMore = settled ? goesBeyond(current, alert, finding) : standsApart(current, finding)
      if (isMore && !isFollowed) return open(current.alert_uid)
      if (settled) return null
      known[known.indexOf(current)] = alert
      return { type: 'alert.updated', alert, before: current }
    },
    holding: (actor, finding, openedAt) =>
      holderOf(byActor.get(keyOf(actor.org_uid, actor.actor_uid)) ?? [], finding, openedAt),
    replace(alert) {
      const known = byActor.get(keyOf(alert.org_uid, alert.actor_uid)) ?? []
      const at = known.findIndex(({ alert_uid }) => alert_uid === alert.alert_uid)
      if (at !== -1) known[at] = alert
    },
    of: (org, actor) => byActor.get(keyOf(org, actor)) ?? [],
  }
}
