import type { Alert, DetectedFinding } from '../model/alert.ts'
import type { ContactAccessEvent } from '../model/event.ts'
import type { Suppression, SuppressionEffect, SuppressionScope } from '../model/suppression.ts'
import type { EpisodeActor } from './episode.ts'

type Person = Pick<EpisodeActor, 'actor_uid' | 'staff'>

/** Whether a finding about a person falls under a scope. */
export function covers(
  scope: SuppressionScope,
  { actor_uid, staff }: Person,
  { detector }: Pick<DetectedFinding, 'detector'>,
): boolean {
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

/** Whether an event falls under a scope. One of several objects is not enough: the rest would be left out with it. */
export function coversEvent(scope: SuppressionScope, event: ScopedEvent): boolean {
  return (
    (scope.actor_uid ?? event.actor_uid) === event.actor_uid &&
    (scope.object_type ?? event.object_type) === event.object_type &&
    (scope.object_uid === undefined || (event.object_uids.length === 1 && event.object_uids[0] === scope.object_uid)) &&
    (scope.query_text === undefined || event.query_text === scope.query_text)
  )
}

type ScopedEvent = Pick<
  ContactAccessEvent,
  'org_uid' | 'time' | 'actor_uid' | 'object_type' | 'object_uids' | 'query_text'
>

/** How many findings or events a suppression has held back. */
export interface Held {
  readonly suppression_uid: string
  readonly items: number
  readonly lastAt: number
}

export function countHeld(held: Map<string, Held>, suppression_uid: string, at: number): void {
  const before = held.get(suppression_uid)
  const lastAt = Math.max(at, before?.lastAt ?? at)
  held.set(suppression_uid, { suppression_uid, items: (before?.items ?? 0) + 1, lastAt })
}

/** The suppressions that stand, by tenant, and the findings that they have held back since it was last asked. */
export interface SuppressionBook {
  /** Takes a suppression as it stands now. */
  put(suppression: Suppression): void
  /** The suppression that holds the finding back, counted; null for none. `at` is event time. */
  hold(actor: EpisodeActor, finding: DetectedFinding, at: number): Suppression | null
  takeHeld(): Held[]
  /** Whether any suppression may leave events of that time, epoch ms, out. */
  mayLeaveOut(time: number): boolean
  /** The suppression that leaves the event out of the counts; null for none. */
  leavingOut(event: ScopedEvent): Suppression | null
  inForce(org: string, now: number): number
}

export function createSuppressionBook(known: readonly Suppression[] = []): SuppressionBook {
  const byOrg = new Map<string, Map<string, Suppression>>()
  let held = new Map<string, Held>()
  let leavesOutUntil = Number.NEGATIVE_INFINITY
  const put = (suppression: Suppression) => {
    const { org_uid, suppression_uid, revoked_at } = suppression
    const ofOrg = byOrg.get(org_uid) ?? new Map<string, Suppression>()
    byOrg.set(org_uid, ofOrg)
    if (revoked_at === null) ofOrg.set(suppression_uid, suppression)
    else ofOrg.delete(suppression_uid)
    const ends = [...byOrg.values()].flatMap((all) =>
      [...all.values()].flatMap(({ effect, ends_at }) => (effect === 'events' ? ends_at : [])),
    )
    leavesOutUntil = ends.reduce((latest, end) => Math.max(latest, end), Number.NEGATIVE_INFINITY)
  }
  const find = (
    org: string,
    wanted: SuppressionEffect,
    at: number,
    isCovered: (scope: SuppressionScope) => boolean,
  ): Suppression | null => {
    for (const suppression of byOrg.get(org)?.values() ?? []) {
      const { effect, starts_at, ends_at, scope } = suppression
      if (effect === wanted && at >= starts_at && at < ends_at && isCovered(scope)) return suppression
    }
    return null
  }
  for (const suppression of known) put(suppression)
  return {
    put,
    hold(actor, finding, at) {
      const found = find(actor.org_uid, 'findings', at, (scope) => covers(scope, actor, finding))
      if (found !== null) countHeld(held, found.suppression_uid, at)
      return found
    },
    mayLeaveOut: (time) => time < leavesOutUntil,
    leavingOut: (event) =>
      event.time < leavesOutUntil
        ? find(event.org_uid, 'events', event.time, (scope) => coversEvent(scope, event))
        : null,
    takeHeld() {
      const taken = [...held.values()]
      held = new Map()
      return taken
    },
    inForce: (org, now) => [...(byOrg.get(org)?.values() ?? [])].filter(({ ends_at }) => ends_at > now).length,
  }
}
