import { isIP } from 'node:net'
import type { IsAllowed } from './special-networks.ts'

export interface HostAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** All addresses of a name, as `dns.lookup` with `all` gives them. */
export type LookUp = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

export type ResolvedHost =
  | { readonly kind: 'resolved'; readonly addresses: readonly HostAddress[]; readonly hostname: string }
  | { readonly kind: 'unknown' }
  /** One of its addresses is private and not allowed. */
  | { readonly kind: 'refused' }

/**
 * The addresses to connect to. They are looked up once and checked; connecting to them, and not to the name, leaves a
 * name server no chance to answer otherwise the second time. One address that is refused refuses the name.
 */
export async function resolveHost(host: string, lookUp: LookUp, isAllowed: IsAllowed): Promise<ResolvedHost> {
  const hostname = host.replace(/^\[|\]$/g, '')
  let found: readonly { readonly address: string; readonly family: number }[]
  try {
    const literal = isIP(hostname)
    found = literal === 0 ? await lookUp(hostname) : [{ address: hostname, family: literal }]
  } catch {
    return { kind: 'unknown' }
  }
  if (found.length === 0) return { kind: 'unknown' }
  if (!found.every(({ address }) => isAllowed(address))) return { kind: 'refused' }
  const addresses = found.map(({ address, family }) => ({
    address,
    family: family === 6 ? (6 as const) : (4 as const),
  }))
  return { kind: 'resolved', addresses, hostname }
}
