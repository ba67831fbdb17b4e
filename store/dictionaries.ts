import type { DuckDBConnection } from '@duckdb/node-api'
import type { Kind } from '../model/event-batch.ts'
import { programName } from '../model/program-name.ts'
import { clippedKind, KIND_LIMITS, otherKind } from './bounded-kind.ts'
import { createCodeTable } from './code-table.ts'
import type { Database } from './database.ts'
import {
  appendActors,
  appendKinds,
  appendObjects,
  appendOrigins,
  noObjects,
  noOrigins,
  readActors,
  readObjects,
  readOrigins,
} from './dictionary-rows.ts'
import { createIdOrders } from './id-orders.ts'
import { createKeptTexts, KEEP_NO_TEXTS, type TextsToKeep } from './kept-texts.ts'
import { createLastOrigins } from './last-origins.ts'
import { loadNamedObjects, NO_NAMES } from './named-objects.ts'
import { orderOfId } from './order-of-id.ts'
import type { Origin } from './origin.ts'
import { createOriginCodes } from './origin-codes.ts'
import { createTextHash, isAscii } from './text-hash.ts'

/**
 * The store's dictionaries: texts to dense codes. New entries are kept until `flush` writes them in the transaction
 * of the events that use them. Actors and kinds keep their texts in memory, objects and origins only fingerprints.
 */
export interface Dictionaries {
  actor(org: string, uid: string): number
  /** The code of an actor seen before, or -1. */
  findActor(org: string, uid: string): number
  /** How many actors more the tenant may have; actor() gives a code beyond that, too. */
  roomForActors(org: string): number
  object(org: string, uid: string): number
  /**
   * As actor(), of the id that stands between two places as ASCII and whose fingerprint (of tenant and id, as TextHash
   * makes it) is known: no text is made of one seen before.
   */
  actorPrinted(org: string, lo: number, hi: number, bytes: Buffer, from: number, to: number): number
  objectPrinted(org: string, lo: number, hi: number, bytes: Buffer, from: number, to: number): number
  /** Fetches into the processor's cache what objectPrinted() will read; the number keeps the reading from being left out. */
  prefetchObject(lo: number): number
  kind(kind: Kind): number
  /** `actor` only tells whose last origin to look at first. */
  origin(
    actor: number,
    src_ip: string | null,
    user_agent: string | null,
    session_uid: string | null,
    device_uid: string | null,
  ): number
  /** As origin(), of the fingerprint of all four: from `at` on `places` tells where they start and end, in turn; -1 for null. */
  originPrinted(actor: number, lo: number, hi: number, bytes: Buffer, places: Int32Array, at: number): number
  orgOfActor(code: number): string
  uidOfActor(code: number): string
  kindOf(code: number): Kind
  /** The address behind an origin, as a code of its own; -1 when it has none. */
  placeOf(origin: number): number
  /** The program behind an origin by its user agent (see programName), as a code of its own; -1 when it names none. */
  programOf(origin: number): number
  /** Null unless texts of origins are kept; see TextsToKeep. */
  originOf(code: number): Origin | null
  /** Null unless texts of objects are kept. */
  objectUid(code: number): string | null
  /** Codes of the objects that were asked for by name; those that are new join them. */
  readonly namedObjects: ReadonlySet<number>
  /** Where an object's id stands among those of its kind (see orderOfId); NaN when it has no order. */
  orderOf(object: number): number
  readonly actorCount: number
  readonly kindCount: number
  /** Whether any event was ever left out of the counts. */
  readonly excludesAny: boolean
  /** Writes what is new. Runs inside the connection's transaction; a failed one leaves memory ahead of the store, so the process must end. */
  flush(connection: DuckDBConnection): Promise<void>
}

/** Reads the dictionaries back from the store. */
export async function loadDictionaries(
  db: Database,
  keep: TextsToKeep = KEEP_NO_TEXTS,
  actorsPerTenant = Number.POSITIVE_INFINITY,
  names: ReadonlySet<string> = NO_NAMES,
): Promise<Dictionaries> {
  const hash = createTextHash(db.hashKey)
  const orgs: string[] = []
  const uids: string[] = []
  const actorCodes = new Map<string, Map<string, number>>()
  /** The actors again, by fingerprint: where to look first. */
  const actorPrints = createCodeTable()
  const objects = createCodeTable()
  const origins = createCodeTable()
  const kinds: Kind[] = []
  let excludesAny = false
  const kindTable = createCodeTable()
  /** Entries below these codes are stored. */
  const stored = { actors: 0, objects: 0, kinds: 0, origins: 0 }
  let newObjects = noObjects()
  let newOrigins = noOrigins()

  const addActor = (org: string, uid: string): number => {
    let known = actorCodes.get(org)
    if (known === undefined) {
      known = new Map()
      actorCodes.set(org, known)
    }
    const code = uids.length
    known.set(uid, code)
    orgs.push(org)
    uids.push(uid)
    hash.startWith(org).field(uid).end()
    actorPrints.add(hash.lo, hash.hi)
    return code
  }

  const orders = createIdOrders()
  const addresses = createOriginCodes()
  const programs = createOriginCodes()
  const texts = createKeptTexts(keep)
  const named = await loadNamedObjects(db, names)

  const addObject = (org: string, uid: string, lo: number, hi: number): number => {
    newObjects.lo.push(lo)
    newObjects.hi.push(hi)
    newObjects.org.push(org)
    newObjects.uid.push(uid)
    orders.add(orderOfId(uid))
    texts.addObject(uid)
    const code = objects.add(lo, hi)
    named.add(code, org, uid)
    return code
  }

  const hashKind = (kind: Kind) => {
    hash
      .start()
      .field(kind.source)
      .field(kind.source_product)
      .field(kind.source_event_type)
      .field(kind.actor_type)
      .field(kind.action)
      .field(kind.object_type)
      .field(kind.object_uids_complete ? 'y' : 'n')
      .field(kind.record_count_basis)
      .field(kind.has_contact_fields === null ? null : kind.has_contact_fields ? 'y' : 'n')
      .field(kind.channel)
      .field(kind.client_app)
      .field(kind.export_format)
      .field(kind.outcome)
      .field(kind.excluded ? 'y' : 'n')
      .end()
  }

  /** The kind last seen of each action: most events repeat it, and comparing is cheaper than hashing. */
  const lastKinds = new Map<Kind['action'], number>()
  const findKind = (kind: Kind): number => {
    hashKind(kind)
    return kindTable.find(hash.lo, hash.hi)
  }
  const kindCode = (whole: Kind): number => {
    let kind = clippedKind(whole)
    let known = findKind(kind)
    if (known === -1 && kinds.length >= KIND_LIMITS.kinds) {
      kind = otherKind(kind)
      known = findKind(kind)
    }
    if (known !== -1) return known
    kinds.push(kind)
    excludesAny ||= kind.excluded
    return kindTable.add(hash.lo, hash.hi)
  }

  const knowOrigin = (origin: Origin, lo: number, hi: number): number => {
    addresses.add(origin.src_ip)
    programs.add(programName(origin.user_agent))
    texts.addOrigin(origin)
    return origins.add(lo, hi)
  }
  const addOrigin = (origin: Origin, lo: number, hi: number): number => {
    newOrigins.lo.push(lo)
    newOrigins.hi.push(hi)
    newOrigins.origin.push(origin)
    return knowOrigin(origin, lo, hi)
  }
  const lastOrigins = createLastOrigins()

  const dictionaries: Dictionaries = {
    actor: (org, uid) => actorCodes.get(org)?.get(uid) ?? addActor(org, uid),
    roomForActors: (org) => actorsPerTenant - (actorCodes.get(org)?.size ?? 0),
    findActor: (org, uid) => actorCodes.get(org)?.get(uid) ?? -1,
    object(org, uid) {
      const { lo, hi } = hash.startWith(org).field(uid).end()
      const known = objects.find(lo, hi)
      return known === -1 ? addObject(org, uid, lo, hi) : known
    },
    actorPrinted(org, lo, hi, bytes, from, to) {
      const code = actorPrints.find(lo, hi)
      // A person must never be taken for another one, so the text itself is compared.
      if (code !== -1 && orgs[code] === org && isAscii(uids[code], bytes, from, to)) return code
      return dictionaries.actor(org, bytes.toString('latin1', from, to))
    },
    objectPrinted(org, lo, hi, bytes, from, to) {
      const known = objects.find(lo, hi)
      return known === -1 ? addObject(org, bytes.toString('latin1', from, to), lo, hi) : known
    },
    prefetchObject: objects.prefetch,
    kind(kind) {
      const last = lastKinds.get(kind.action)
      if (last !== undefined && sameKind(kind, kinds[last])) return last
      const code = kindCode(kind)
      lastKinds.set(kind.action, code)
      return code
    },
    origin(actor, src_ip, user_agent, session_uid, device_uid) {
      const { lo, hi } = hash.start().field(src_ip).field(user_agent).field(session_uid).field(device_uid).end()
      const last = lastOrigins.find(actor, lo, hi)
      if (last !== -1) return last
      const known = origins.find(lo, hi)
      const code = known === -1 ? addOrigin({ src_ip, user_agent, session_uid, device_uid }, lo, hi) : known
      lastOrigins.put(actor, lo, hi, code)
      return code
    },
    originPrinted(actor, lo, hi, bytes, places, at) {
      const last = lastOrigins.find(actor, lo, hi)
      if (last !== -1) return last
      const text = (p: number) =>
        places[at + p] === -1 ? null : bytes.toString('latin1', places[at + p], places[at + p + 1])
      const known = origins.find(lo, hi)
      const code =
        known === -1
          ? addOrigin({ src_ip: text(0), user_agent: text(2), session_uid: text(4), device_uid: text(6) }, lo, hi)
          : known
      lastOrigins.put(actor, lo, hi, code)
      return code
    },
    orgOfActor: (code) => orgs[code],
    uidOfActor: (code) => uids[code],
    kindOf: (code) => kinds[code],
    placeOf: addresses.of,
    programOf: programs.of,
    originOf: texts.originOf,
    objectUid: texts.objectUid,
    namedObjects: named.codes,
    orderOf: orders.of,
    get actorCount() {
      return uids.length
    },
    get excludesAny() {
      return excludesAny
    },
    get kindCount() {
      return kinds.length
    },
    async flush(connection) {
      const reached = { actors: uids.length, objects: objects.size, kinds: kinds.length, origins: origins.size }
      const taken = { objects: newObjects, origins: newOrigins }
      newObjects = noObjects()
      newOrigins = noOrigins()
      const before = { ...stored }
      Object.assign(stored, reached)
      await appendActors(
        connection,
        before.actors,
        orgs.slice(before.actors, reached.actors),
        uids.slice(before.actors, reached.actors),
      )
      await appendKinds(connection, before.kinds, kinds.slice(before.kinds, reached.kinds))
      await appendObjects(connection, before.objects, taken.objects)
      await appendOrigins(connection, before.origins, taken.origins)
    },
  }

  await db.withConnection(async (connection) => {
    await readActors(connection, addActor)
    await readObjects(connection, keep.objects, (object) => {
      objects.add(object.lo, object.hi)
      orders.add(object.order)
      texts.addObject(object.uid)
    })
    await readOrigins(connection, keep.origins.length > 0, ({ lo, hi, origin }) => {
      knowOrigin(origin, lo, hi)
    })
  })
  for (const kind of await db.query<Kind>('SELECT * EXCLUDE (code) FROM kinds ORDER BY code')) {
    hashKind(kind)
    kindTable.add(hash.lo, hash.hi)
    kinds.push(kind)
    excludesAny ||= kind.excluded
  }
  Object.assign(stored, { actors: uids.length, objects: objects.size, kinds: kinds.length, origins: origins.size })
  return dictionaries
}

const sameKind = (a: Kind, b: Kind): boolean =>
  a.object_type === b.object_type &&
  a.record_count_basis === b.record_count_basis &&
  a.object_uids_complete === b.object_uids_complete &&
  a.has_contact_fields === b.has_contact_fields &&
  a.channel === b.channel &&
  a.outcome === b.outcome &&
  a.actor_type === b.actor_type &&
  a.export_format === b.export_format &&
  a.source === b.source &&
  a.source_product === b.source_product &&
  a.source_event_type === b.source_event_type &&
  a.client_app === b.client_app &&
  a.excluded === b.excluded
