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

/** A source's look-up of users: what was handed in over HTTP comes before the file. Null where there is none. */
export interface SourceUsers {
  fromApi: UserMap | null
  fromFile: UserMap | null
}

/** The staff member who a user of the CRM is; null for one whom nothing knows. */
export const findStaff = ({ fromApi, fromFile }: SourceUsers, nativeUid: string): string | null =>
  fromApi?.staffOf(nativeUid) ?? fromFile?.staffOf(nativeUid) ?? null

/** A configured source, ready to read. */
export interface Source {
  readonly name: string
  readonly bound: BoundAdapter
  /** Tenant of all its rows; null when the rows name theirs. */
  readonly org: string | null
  /** The acts taken from it; null for all. */
  readonly actions: ReadonlySet<Action> | null
  /** Who its users are. Both are replaced when they change. */
  readonly users: SourceUsers
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
    users: { fromApi: null, fromFile: null },
  }
}

export function bindAdapter({ adapter, options = {}, org }: SourceSpec) {
  const found = findAdapter(adapter)
  if (found === undefined) return { ok: false, faults: [`adapter: there is none called ${adapter}`] } as const
  return found.bind(org === undefined ? options : { ...options, org })
}
