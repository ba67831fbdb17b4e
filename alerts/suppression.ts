import type { Alert, Finding } from '../model/alert.ts'
import type { Suppression, SuppressionScope } from '../model/suppression.ts'
import type { EpisodeActor } from './episode.ts'

type Person = Pick<EpisodeActor, 'actor_uid' | 'staff'>

/** Whether a finding about a person falls under a scope. */
export function covers(scope: SuppressionScope, { actor_uid, staff }: Person, { detector }: Finding): boolean {
  return (
    (scope.actor_uid ?? actor_uid) === actor_uid &&
    (scope.detector ?? detector) === detector &&
    (scope.role === undefined || scope.role === staff?.role) &&
    (scope.team === undefined || scope.team === staff?.team)
  )
}

/** What a scope would have made of an alert: not opened it, left findings out of it, or left it alone. */
export function effectOn(alert: Alert, scope: SuppressionScope): 'not_opened' | 'fewer_findings' | 'none' {
  const held = alert.findings.filter((finding) => covers(scope, alert, finding)).length
  if (held === 0) return 'none'
  return held === alert.findings.length ? 'not_opened' : 'fewer_findings'
}

export interface Held {
  readonly suppression_uid: string
  readonly findings: number
  readonly lastAt: number
}

/** The suppressions in force, by tenant, and what they have held back since it was last asked. */
export interface SuppressionBook {
  /** Takes a suppression as it stands now. */
  put(suppression: Suppression): void
  /** The suppression that holds the finding back, counted; null for none. `at` is event time. */
  hold(actor: EpisodeActor, finding: Finding, at: number): Suppression | null
  takeHeld(): Held[]
  inForce(org: string, now: number): number
}

export function createSuppressionBook(known: readonly Suppression[] = []): SuppressionBook {
  const byOrg = new Map<string, Map<string, Suppression>>()
  let held = new Map<string, Held>()
  const put = (suppression: Suppression) => {
    const { org_uid, suppression_uid, revoked_at } = suppression
    const ofOrg = byOrg.get(org_uid) ?? new Map<string, Suppression>()
    byOrg.set(org_uid, ofOrg)
    if (revoked_at === null) ofOrg.set(suppression_uid, suppression)
    else ofOrg.delete(suppression_uid)
  }
  for (const suppression of known) put(suppression)
  return {
    put,
    hold(actor, finding, at) {
      for (const suppression of byOrg.get(actor.org_uid)?.values() ?? []) {
        const { suppression_uid, starts_at, ends_at, scope } = suppression
        if (at < starts_at || at >= ends_at || !covers(scope, actor, finding)) continue
        const before = held.get(suppression_uid)
        const lastAt = Math.max(at, before?.lastAt ?? at)
        held.set(suppression_uid, { suppression_uid, findings: (before?.findings ?? 0) + 1, lastAt })
        return suppression
      }
      return null
    },
    takeHeld() {
      const taken = [...held.values()]
      held = new Map()
      return taken
    },
    inForce: (org, now) => [...(byOrg.get(org)?.values() ?? [])].filter(({ ends_at }) => ends_at > now).length,
  }
}
