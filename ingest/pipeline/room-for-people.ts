import type { StaffRecord } from '../../model/staff.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import type { Reject } from '../adapters/canonical.ts'

/** Accounts cost memory for as long as the store lasts, and whoever sends events chooses their names. */
type KnownPeople = Pick<Dictionaries, 'findActor' | 'roomForActors'>

const TOO_MANY: Reject = {
  reason: 'too_many_people',
  detail: 'the tenant has as many accounts as ingest.max_people allows, and actor_uid is not one of them',
}

/** Why an account's events cannot be taken; null when they can. */
export const refusePerson = (codes: KnownPeople, org: string, uid: string): Reject | null =>
  codes.roomForActors(org) > 0 || codes.findActor(org, uid) !== -1 ? null : TOO_MANY

/** The records of known people, and of as many others as there is room for; of the others where in the list they stand, from 1. */
export function splitByRoom(codes: KnownPeople, records: readonly StaffRecord[]) {
  const taken: StaffRecord[] = []
  const rejected: { readonly line: number; readonly reason: string }[] = []
  const added = new Map<string, Set<string>>()
  for (const [index, record] of records.entries()) {
    const others = added.get(record.org_uid) ?? new Set()
    added.set(record.org_uid, others)
    const isKnown = others.has(record.actor_uid) || codes.findActor(record.org_uid, record.actor_uid) !== -1
    if (!isKnown && codes.roomForActors(record.org_uid) <= others.size) {
      rejected.push({ line: index + 1, reason: TOO_MANY.detail })
      continue
    }
    if (!isKnown) others.add(record.actor_uid)
    taken.push(record)
  }
  return { taken, rejected }
}
