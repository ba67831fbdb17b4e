import type { ActorTable } from './actor-table.ts'

/** How many people of a tenant did something, and of how many HR has said something. */
export interface TenantPeople {
  seen: number
  known: number
}

export function countTenants({ actors, newest }: Pick<ActorTable, 'actors' | 'newest'>): Map<string, TenantPeople> {
  const tenants = new Map<string, TenantPeople>()
  for (const actor of actors) {
    if (actor === undefined) continue
    const people = tenants.get(actor.org) ?? { seen: 0, known: 0 }
    tenants.set(actor.org, people)
    if (newest[actor.code] !== Number.NEGATIVE_INFINITY) people.seen++
    if (actor.staff.latest() !== null) people.known++
  }
  return tenants
}
