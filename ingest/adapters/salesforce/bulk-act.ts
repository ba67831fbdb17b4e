import type { Action } from '../../../model/event.ts'
import { cleanText } from '../clean-text.ts'

/** Bulk operations by how their names begin: insert, hardDelete, queryAll; some collectors cut the last letter off. */
const ACTS: readonly (readonly [RegExp, Action])[] = [
  [/^query/, 'bulk_read'],
  [/^(inser|creat)/, 'create'],
  [/^(updat|upser)/, 'update'],
  [/^(hard)?delet/, 'delete'],
]

/** What an operation of the Bulk API does; null for an empty or unknown one. */
export function bulkAct(operation: unknown): Action | null {
  const name = (cleanText(operation) ?? '').toLowerCase().replaceAll(/[\s_]/g, '')
  return ACTS.find(([start]) => start.test(name))?.[1] ?? null
}
