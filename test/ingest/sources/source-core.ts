import { bindSource, type Source, type SourceSpec } from '../../../ingest/sources/source.ts'
import { takeDocument } from '../../../ingest/sources/take-document.ts'
import { parseUserMap } from '../../../ingest/sources/user-map.ts'
import { readSourceRows } from '../../../store/source-records.ts'
import { NOW, type TestCore } from '../../support/test-core.ts'

export const rowOptions = (keepBodies = true) => ({ defaultOrg: 'default', latestTime: NOW + 300_000, keepBodies })

/** A source of this adapter, with a user map when one is given as CSV. */
export function sourceOf(spec: SourceSpec, users?: string): Source {
  const source = bindSource('crm', spec)
  if (users === undefined) return source
  const map = parseUserMap(users)
  if (!map.ok) throw new Error(map.reason)
  source.users.fromFile = map.map
  return source
}

/** Hands a document over as HTTP does. */
export async function take(core: TestCore, source: Source, text: string, format: 'csv' | 'json' = 'json') {
  const parts = { takeRows: core.pipeline.takeRows, rowOptions }
  const result = await takeDocument(Buffer.from(text), format, source, 100_000, parts)
  if (result === null) throw new Error('too many')
  return { ...result, ignored: Object.fromEntries(result.ignored) }
}

/** What the store has counted of the source, as `outcome` or `outcome word`. */
export async function counted(core: TestCore): Promise<Record<string, number>> {
  const rows = await readSourceRows(core.db)
  return Object.fromEntries(rows.map(({ outcome, word, rows: n }) => [`${outcome} ${word}`.trim(), n]))
}

/** The amount of a measure in an actor's week. */
export function amountOf(core: TestCore, org: string, actor: string, slot: number): number {
  const code = core.codes.findActor(org, actor)
  return core.engine.slots(code).find((one) => one.slot === slot)?.count ?? 0
}
