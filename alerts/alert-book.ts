import { catalogueOf } from '../messages/catalogues.ts'
import type { Alert, DetectedFinding } from '../model/alert.ts'
import { DEFAULT_LANGUAGE, type Language } from '../model/language.ts'
import { continues, type EpisodeActor, extendAlert, openAlert, type SeverityScores } from './episode.ts'

export interface AlertChange {
  readonly type: 'alert.opened' | 'alert.updated'
  readonly alert: Alert
  /** As it was; null when it was opened just now. */
  readonly before: Alert | null
}

export interface AlertBookOptions {
  readonly severity: SeverityScores
  readonly score: (scores: readonly number[]) => number
  /** In which alerts explain themselves. */
  readonly language?: Language
}

/** The alerts that findings may still extend, by person: what the store holds of them, and what is about to be written. */
export interface AlertBook {
  /** Takes alerts as stored. */
  restore(alerts: readonly Alert[]): void
  /**
   * Groups a finding into the person's alert of that episode, or opens one. `openedAt` is the event time at which it
   * became known: the finding's own, or of a look-back when the notice came. Null when it says nothing new.
   */
  add(actor: EpisodeActor, finding: DetectedFinding, openedAt: number, now: number): AlertChange | null
  of(org: string, actor: string): readonly Alert[]
}

/** An alert's people are forgotten with their episode; the store still has them. */
const KEPT_PER_ACTOR = 20

export function createAlertBook(options: AlertBookOptions): AlertBook {
  const words = catalogueOf(options.language ?? DEFAULT_LANGUAGE)
  const byActor = new Map<string, Alert[]>()
  const keyOf = (org: string, actor: string) => `${org}\u0000${actor}`

  return {
    restore(alerts) {
      for (const alert of alerts) {
        const key = keyOf(alert.org_uid, alert.actor_uid)
        const known = byActor.get(key)
        if (known === undefined) byActor.set(key, [alert])
        else known.push(alert)
      }
      for (const known of byActor.values()) known.sort((a, b) => a.opened_at - b.opened_at)
    },
    add(actor, finding, openedAt, now) {
      const key = keyOf(actor.org_uid, actor.actor_uid)
      const known = byActor.get(key) ?? []
      byActor.set(key, known)
      const at = known.findLastIndex((alert) => continues(alert, finding))
      if (at === -1) {
        const alert = openAlert(actor, finding, { ...options, words, openedAt, now })
        known.push(alert)
        if (known.length > KEPT_PER_ACTOR) known.shift()
        return { type: 'alert.opened', alert, before: null }
      }
      const before = known[at]
      const alert = extendAlert(before, actor, finding, { ...options, words, openedAt })
      if (alert === before) return null
      known[at] = alert
      return { type: 'alert.updated', alert, before }
    },
    of: (org, actor) => byActor.get(keyOf(org, actor)) ?? [],
  }
}
