import type { DuckDBConnection } from '@duckdb/node-api'
import type { Kind } from '../model/event-batch.ts'
import { appendColumns, readColumns } from './columns.ts'
import { orderOfId } from './order-of-id.ts'
import type { Origin } from './origin.ts'

/** The dictionaries' tables: entries are appended from a code on, and read back by code. */

/** New objects by column, of which all but the tenant and the id are fingerprints. */
export interface NewObjects {
  readonly lo: number[]
  readonly hi: number[]
  readonly org: string[]
  readonly uid: string[]
}

export interface NewOrigins {
  readonly lo: number[]
  readonly hi: number[]
  readonly origin: Origin[]
}

export interface StoredObject {
  readonly lo: number
  readonly hi: number
  /** See orderOfId. */
  readonly order: number
  /** Only told for certain when asked for. */
  readonly uid: string
}

export interface StoredOrigin {
  readonly lo: number
  readonly hi: number
  /** All but the address is null unless asked for. */
  readonly origin: Origin
}

export const noObjects = (): NewObjects => ({ lo: [], hi: [], org: [], uid: [] })
export const noOrigins = (): NewOrigins => ({ lo: [], hi: [], origin: [] })

const codesFrom = (first: number, count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => first + i)

export async function appendActors(
  connection: DuckDBConnection,
  from: number,
  orgs: string[],
  uids: string[],
): Promise<void> {
  await appendColumns(connection, 'actors', uids.length, [
    { type: 'integer', values: codesFrom(from, uids.length) },
    { type: 'varchar', values: orgs },
    { type: 'varchar', values: uids },
  ])
}

export async function appendKinds(connection: DuckDBConnection, from: number, added: readonly Kind[]): Promise<void> {
  const text = (pick: (kind: Kind) => string | null) => ({ type: 'varchar' as const, values: added.map(pick) })
  await appendColumns(connection, 'kinds', added.length, [
    { type: 'integer', values: codesFrom(from, added.length) },
    text((kind) => kind.source),
    text((kind) => kind.source_product),
    text((kind) => kind.source_event_type),
    text((kind) => kind.actor_type),
    text((kind) => kind.action),
    text((kind) => kind.object_type),
    { type: 'boolean', values: added.map((kind) => kind.object_uids_complete) },
    text((kind) => kind.record_count_basis),
    { type: 'boolean', values: added.map((kind) => kind.has_contact_fields) },
    text((kind) => kind.channel),
    text((kind) => kind.client_app),
    text((kind) => kind.export_format),
    text((kind) => kind.outcome),
    { type: 'boolean', values: added.map((kind) => kind.excluded) },
  ])
}

export async function appendObjects(connection: DuckDBConnection, from: number, added: NewObjects): Promise<void> {
  const { lo, hi, org, uid } = added
  await appendColumns(connection, 'objects', lo.length, [
    { type: 'integer', values: codesFrom(from, lo.length) },
    { type: 'integer', values: Int32Array.from(lo) },
    { type: 'integer', values: Int32Array.from(hi) },
    { type: 'varchar', values: org },
    { type: 'varchar', values: uid },
  ])
}

export async function appendOrigins(connection: DuckDBConnection, from: number, added: NewOrigins): Promise<void> {
  const { lo, hi, origin } = added
  await appendColumns(connection, 'origins', lo.length, [
    { type: 'integer', values: codesFrom(from, lo.length) },
    { type: 'integer', values: Int32Array.from(lo) },
    { type: 'integer', values: Int32Array.from(hi) },
    { type: 'varchar', values: origin.map(({ src_ip }) => src_ip) },
    { type: 'varchar', values: origin.map(({ user_agent }) => user_agent) },
    { type: 'varchar', values: origin.map(({ session_uid }) => session_uid) },
    { type: 'varchar', values: origin.map(({ device_uid }) => device_uid) },
  ])
}

export async function readActors(
  connection: DuckDBConnection,
  take: (org: string, uid: string) => void,
): Promise<void> {
  for await (const chunk of readColumns(connection, 'SELECT org_uid, actor_uid FROM actors ORDER BY code')) {
    const [org, uid] = [chunk.texts(0), chunk.texts(1)]
    for (let i = 0; i < chunk.rows; i++) take(org[i] ?? '', uid[i] ?? '')
  }
}

/**
 * An id of a length that CRMs give theirs (Salesforce's, GUIDs) is looked at as a text. All others have the order of the
 * number they end in, which DuckDB finds without a text being made of each.
 */
const LOOKED_AT = 'length(object_uid) IN (15, 18, 36)'

export async function readObjects(
  connection: DuckDBConnection,
  withUid: boolean,
  take: (object: StoredObject) => void,
): Promise<void> {
  const sql = `SELECT hash_lo, hash_hi, coalesce(try_cast(regexp_extract(object_uid, '[0-9]{2,15}$') AS BIGINT), -1),
    CASE WHEN ${withUid ? 'TRUE' : LOOKED_AT} THEN object_uid END FROM objects ORDER BY code`
  for await (const chunk of readColumns(connection, sql)) {
    const [lo, hi, numbers] = [chunk.integers(0), chunk.integers(1), chunk.bigints(2)]
    const uids = chunk.texts(3)
    for (let i = 0; i < chunk.rows; i++) {
      const uid = uids[i]
      const number = numbers[i] < 0 ? Number.NaN : numbers[i]
      take({ lo: lo[i], hi: hi[i], order: uid === null ? number : orderOfId(uid), uid: uid ?? '' })
    }
  }
}

export async function readOrigins(
  connection: DuckDBConnection,
  withAll: boolean,
  take: (origin: StoredOrigin) => void,
): Promise<void> {
  const others = withAll ? ', session_uid, device_uid' : ''
  const sql = `SELECT hash_lo, hash_hi, src_ip, user_agent${others} FROM origins ORDER BY code`
  for await (const chunk of readColumns(connection, sql)) {
    const [lo, hi, address, agent] = [chunk.integers(0), chunk.integers(1), chunk.texts(2), chunk.texts(3)]
    const [session, device] = withAll ? [4, 5].map((column) => chunk.texts(column)) : [[], []]
    for (let i = 0; i < chunk.rows; i++) {
      take({
        lo: lo[i],
        hi: hi[i],
        origin: {
          src_ip: address[i],
          user_agent: agent[i],
          session_uid: session[i] ?? null,
          device_uid: device[i] ?? null,
        },
      })
    }
  }
}
