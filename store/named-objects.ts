import { toJsonText } from '../model/json-text.ts'
import type { Database } from './database.ts'

/** The objects that are called by given names, as they come to be known: an id in every tenant, TENANT/ID in one. */
export interface NamedObjects {
  add(code: number, org: string, uid: string): void
  /** Grows. */
  readonly codes: ReadonlySet<number>
}

export const NO_NAMES: ReadonlySet<string> = new Set()

export async function loadNamedObjects(db: Database, names: ReadonlySet<string>): Promise<NamedObjects> {
  const codes = new Set<number>()
  const add = (code: number, org: string, uid: string) => {
    if (names.size > 0 && (names.has(uid) || names.has(`${org}/${uid}`))) codes.add(code)
  }
  if (names.size > 0) {
    const rows = await db.query<{ code: number; org_uid: string; object_uid: string }>(
      `SELECT code, org_uid, object_uid FROM objects
       WHERE object_uid IN (SELECT unnest(from_json(?::JSON, '["VARCHAR"]')))`,
      [toJsonText([...names].flatMap(idsIn))],
    )
    for (const { code, org_uid, object_uid } of rows) add(code, org_uid, object_uid)
  }
  return { add, codes }
}

/** What of a name may be the id: all of it, or what follows one of its slashes. */
const idsIn = (name: string): string[] => name.split('/').map((_, n, parts) => parts.slice(n).join('/'))
