import type { Action } from '../../model/event.ts'
import type { BoundAdapter } from '../adapters/adapter.ts'
import { findAdapter } from '../adapters/registry.ts'
import type { UserMap } from './user-map.ts'

/** What a source's configuration says of how its rows are to be read. */
export interface SourceSpec {
  readonly adapter: string
  readonly options?: Readonly<Record<string, unknown>>
  readonly org?: string
  readonly instance?: string
  readonly actions?: readonly Action[]
}

/** A configured source, ready to read. */
export interface Source {
  readonly name: string
  readonly bound: BoundAdapter
  /** Tenant of all its rows; null when the rows name theirs. */
  readonly org: string | null
  /** The acts taken from it; null for all. */
  readonly actions: ReadonlySet<Action> | null
  /** Who its users are; null without a look-up. Replaced when the file changes. */
  users: UserMap | null
}

/** Throws for a specification that `checkSources` would refuse. */
export function bindSource(name: string, spec: SourceSpec): Source {
  const bound = bindAdapter(spec)
  if (!bound.ok) throw new Error(`sources.${name}: ${bound.faults.join('; ')}`)
  return {
    name,
    bound,
    org: spec.org ?? null,
    actions: spec.actions === undefined ? null : new Set(spec.actions),
    users: null,
  }
}

export function bindAdapter({ adapter, options = {}, org }: SourceSpec) {
  const found = findAdapter(adapter)
  if (found === undefined) return { ok: false, faults: [`adapter: there is none called ${adapter}`] } as const
  return found.bind(org === undefined ? options : { ...options, org })
}
