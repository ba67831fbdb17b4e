import type { Logger } from 'pino'
import type { TenantPeople } from '../detectors/tenants.ts'
import type { Core } from '../ingest/core.ts'

export interface TenantWatchParts {
  readonly core: { readonly engine: Pick<Core['engine'], 'tenants'> }
  readonly logger: Pick<Logger, 'warn'>
  readonly later: (ms: number, callback: () => void) => void
}

/** One company under two names, as it seems: so many people by tenant. */
export interface SplitTenants {
  /** HR speaks of them, and nobody there was ever seen. */
  readonly staffOnly: Readonly<Record<string, number>>
  /** Events name them, and HR says nothing of anybody there. */
  readonly eventsOnly: Readonly<Record<string, number>>
}

/** Long enough for a feed that is sent record by record to be told of once. */
const CHECK_MS = 60_000
const TENANTS_NAMED = 10

/** Staff records and events that never meet; null while there are not both kinds of tenant. */
export function findSplitTenants(tenants: ReadonlyMap<string, TenantPeople>): SplitTenants | null {
  const all = [...tenants].sort(([a], [b]) => (a < b ? -1 : 1))
  const staffOnly = all.filter(([, { seen, known }]) => known > 0 && seen === 0)
  const eventsOnly = all.filter(([, { seen, known }]) => seen > 0 && known === 0)
  if (staffOnly.length === 0 || eventsOnly.length === 0) return null
  const named = (some: typeof all, count: keyof TenantPeople) =>
    Object.fromEntries(some.slice(0, TENANTS_NAMED).map(([tenant, people]) => [tenant, people[count]]))
  return { staffOnly: named(staffOnly, 'known'), eventsOnly: named(eventsOnly, 'seen') }
}

/** Warns at the start, and later within a minute, when staff records and events name different tenants; of the same ones once. */
export function watchTenants({ core, logger, later }: TenantWatchParts): void {
  let told = ''
  const check = (): void => {
    const split = findSplitTenants(core.engine.tenants())
    const tenants = split === null ? '' : JSON.stringify([split.staffOnly, split.eventsOnly].map(Object.keys))
    if (split !== null && tenants !== told) logger.warn(split, MESSAGE)
    told = tenants
    later(CHECK_MS, check)
  }
  check()
}

const MESSAGE =
  'Staff records name tenants in which nobody was ever seen, and events come for tenants without staff records: org_uid of the staff feed and org of the sources have to be the same'
