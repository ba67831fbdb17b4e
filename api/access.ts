import type { Principal, TokenRole } from './services.ts'

/**
 * What a route asks of its caller. `public`: nothing. `ingest`: hand in events and staff records. `read`: see alerts,
 * actors, staff. `triage`: work on alerts, suppress findings. `administer`: tokens. `scrape`: metrics, which speak of all tenants together.
 */
export type Capability = 'public' | 'ingest' | 'read' | 'triage' | 'administer' | 'scrape'

const CAN: Readonly<Record<TokenRole, readonly Capability[]>> = {
  ingest: ['public', 'ingest'],
  viewer: ['public', 'read'],
  analyst: ['public', 'read', 'triage'],
  admin: ['public', 'ingest', 'read', 'triage', 'administer', 'scrape'],
  metrics: ['public', 'scrape'],
}

export function may(principal: Principal, capability: Capability): boolean {
  if (capability === 'scrape' && principal.org_uid !== null) return false
  return CAN[principal.role].includes(capability)
}

/** The tenant of a request: the token's own, else the one asked for, else `fallback`; null where the two disagree. */
export function tenantOf<T>(principal: Principal, asked: string | undefined, fallback: T): string | T | null {
  if (principal.org_uid === null) return asked ?? fallback
  return asked === undefined || asked === principal.org_uid ? principal.org_uid : null
}

/** Whether something of this tenant may be shown to the caller. */
export const sees = (principal: Principal, org: string): boolean =>
  principal.org_uid === null || principal.org_uid === org
