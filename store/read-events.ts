import type { ContactAccessEvent } from '../model/event.ts'
import type { Kind as StoredKind } from '../model/event-batch.ts'
import type { Database } from './database.ts'

/** A row of `event_log`, its numbers as JavaScript numbers. */
export interface LogRow {
  readonly seq: number
  readonly time: number
  readonly ingested_time: number
  readonly actor: number
  readonly kind: number
  readonly origin: number
  readonly object: number | null
  readonly owner: number | null
  readonly record_count: number | null
  readonly event_uid: string
  readonly objects: readonly number[] | null
  /** JSON object with the rarely used fields. */
  readonly extra: string | null
}

type Actor = Pick<ContactAccessEvent, 'org_uid' | 'actor_uid'>
type Kind = Omit<StoredKind, 'source'>
type Origin = Pick<ContactAccessEvent, 'src_ip' | 'user_agent' | 'session_uid' | 'device_uid'>
type Extra = Partial<
  Pick<
    ContactAccessEvent,
    | 'actor_name'
    | 'on_behalf_of_uid'
    | 'logical_op_uid'
    | 'chunk_seq'
    | 'owner_uids'
    | 'columns'
    | 'recipient_uids'
    | 'query_text'
    | 'bytes'
    | 'raw_ref'
  >
>

/**
 * The events of some rows of the log, in their order: what the view `events` says of them, with times as epoch ms.
 * Each dictionary is asked once, for the rows' codes alone.
 */
export async function readEvents(db: Database, rows: readonly LogRow[]): Promise<ContactAccessEvent[]> {
  if (rows.length === 0) return []
  const present = (codes: readonly (number | null)[]) => [...new Set(codes)].filter((code) => code !== null)
  const actors = await dictionary<Actor>(
    db,
    'actors',
    'org_uid, actor_uid',
    present(rows.flatMap((row) => [row.actor, row.owner])),
  )
  const kinds = await dictionary<Kind>(
    db,
    'kinds',
    `source_product, source_event_type, actor_type, action, object_type, object_uids_complete, record_count_basis,
     has_contact_fields, channel, client_app, export_format, outcome`,
    present(rows.map((row) => row.kind)),
  )
  const origins = await dictionary<Origin>(
    db,
    'origins',
    'src_ip, user_agent, session_uid, device_uid',
    present(rows.map((row) => row.origin)),
  )
  const objects = await dictionary<{ object_uid: string }>(
    db,
    'objects',
    'object_uid',
    present(rows.flatMap((row) => [row.object, ...(row.objects ?? [])])),
  )
  return rows.map((row) => {
    const extra: Extra = row.extra === null ? {} : JSON.parse(row.extra)
    const owner = row.owner === null ? undefined : actors.get(row.owner)
    const codes = row.objects ?? (row.object === null ? [] : [row.object])
    const kind = entry(kinds, row.kind)
    return {
      event_uid: row.event_uid,
      time: row.time,
      ingested_time: row.ingested_time,
      ...entry(actors, row.actor),
      ...kind,
      ...entry(origins, row.origin),
      actor_name: extra.actor_name ?? null,
      on_behalf_of_uid: extra.on_behalf_of_uid ?? null,
      object_uids: codes.map((code) => entry(objects, code).object_uid),
      record_count: row.record_count,
      logical_op_uid: extra.logical_op_uid ?? null,
      chunk_seq: extra.chunk_seq ?? null,
      owner_uids: extra.owner_uids ?? (owner === undefined ? [] : [owner.actor_uid]),
      columns: extra.columns ?? [],
      recipient_uids: extra.recipient_uids ?? [],
      query_text: extra.query_text ?? null,
      bytes: extra.bytes ?? null,
      raw_ref: extra.raw_ref ?? null,
    }
  })
}

async function dictionary<Entry>(
  db: Database,
  table: 'actors' | 'kinds' | 'origins' | 'objects',
  columns: string,
  codes: readonly number[],
): Promise<Map<number, Entry>> {
  if (codes.length === 0) return new Map()
  // The codes are integers of our own; a literal list lets the scan skip the blocks that hold none of them.
  const rows = await db.query<Entry & { code: number }>(
    `SELECT code, ${columns} FROM ${table} WHERE code IN (${codes.join(', ')})`,
  )
  return new Map(rows.map(({ code, ...entry }) => [code, entry as Entry]))
}

function entry<Entry>(entries: ReadonlyMap<number, Entry>, code: number): Entry {
  const found = entries.get(code)
  if (found === undefined) throw new Error('The event log names a code that its dictionary does not hold.')
  return found
}
