import type { Action, ObjectType } from '../../../model/event.ts'
import { actOf, objectOf } from '../act-words.ts'
import { ignored, type NativeRow, oneEvent, type ReadRow, rejected } from '../adapter.ts'
import { cleanAddress } from '../clean-address.ts'
import { cleanCount } from '../clean-count.ts'
import { cleanId, cleanIds, cleanText, isEmpty } from '../clean-text.ts'
import { cleanTime } from '../clean-time.ts'
import { fieldAt } from '../field-at.ts'
import { createLocalTime } from '../local-time.ts'
import type { Field, ListField, Mapping } from './mapping.ts'
import { createTimeFormat } from './time-format.ts'
import { createWordTable } from './word-table.ts'

type Take = (row: NativeRow) => unknown
type Words<T> = (row: NativeRow) => T | null

const asList = (field: Field): readonly string[] => (typeof field === 'string' ? [field] : field)

/** Makes the reader of rows that a mapping describes. */
export function createMappedReader(mapping: Mapping, otherProduct: string): ReadRow {
  const product = mapping.product ?? otherProduct
  const take = takeFor(mapping)
  const only = Object.entries(mapping.only ?? {}).map(([path, words]) => ({
    at: takeOf(path),
    has: createWordTable(Object.fromEntries(words.map((word) => [word, 'yes' as const]))),
  }))
  const known = knownPaths(mapping)

  return (row) => {
    const type = cleanText(take.type(row))
    const kind = bounded(type)
    if (only.some(({ at, has }) => has(cleanText(at(row)) ?? '') === null)) return ignored(kind)
    const action = take.action(row)
    if (action === 'ignore') return ignored(kind)
    if (action === 'reject') return rejected('invalid_event', 'the action is a word that the mapping rejects')
    if (action === null) {
      // A collector's own fields may be taken for one of these: a time, or a type.
      const isRow = known.filter((at) => filled(at(row))).length >= Math.min(2, known.length)
      return isRow
        ? ignored(kind)
        : rejected('unknown_layout', 'the row lacks two of the fields of time, actor and action that the mapping names')
    }
    const object = take.object(row)
    if (object === 'ignore') return ignored(kind)
    const time = take.time(row)
    if (Number.isNaN(time)) return rejected('missing_time', 'the field of time is missing or not a time')
    const actor_uid = cleanId(take.actor(row))
    if (actor_uid === null) return rejected('missing_actor', 'the field of actor is missing')
    const count = countOf(take.count(row))
    const operation = cleanId(take.operation(row))
    return oneEvent({
      time,
      actor_uid,
      action,
      source_product: product,
      source_event_type: type,
      actor_name: cleanText(take.actor_name(row)),
      actor_type: take.actor_type(row) ?? 'user',
      on_behalf_of_uid: cleanId(take.on_behalf_of(row)),
      org_uid: cleanId(take.org(row)) ?? undefined,
      object_type: object ?? 'unknown',
      object_uids: take.objects(row),
      // A report's id is no record's: how many rows it showed is not known by it.
      object_uids_complete: take.complete && object !== 'report',
      ...(count === null ? {} : { record_count: count, record_count_basis: 'reported' as const }),
      logical_op_uid: operation,
      owner_uids: take.owners(row),
      recipient_uids: take.recipients(row),
      columns: take.columns(row),
      channel: mapping.channel ?? null,
      outcome: take.outcome(row) ?? 'success',
      src_ip: cleanAddress(take.ip(row)),
      user_agent: cleanText(take.user_agent(row)),
      session_uid: cleanText(take.session(row)),
      device_uid: cleanText(take.device(row)),
      client_app: cleanText(take.client_app(row)),
      export_format: cleanText(take.export_format(row)),
      bytes: bytesOf(take.bytes(row)),
    })
  }
}

function takeFor(mapping: Mapping) {
  const { action, object } = mapping
  const actionFrom = typeof action === 'string' ? undefined : action.from
  const objects = mapping.objects
  return {
    time: timeOf(mapping.time),
    actor: takeOf(mapping.actor),
    actor_name: takeOf(mapping.actor_name),
    actor_type: wordsOf(mapping.actor_type, () => null),
    on_behalf_of: takeOf(mapping.on_behalf_of),
    type: takeOf(mapping.type ?? actionFrom),
    action: wordsOf<Action | 'ignore' | 'reject'>(action, actOf),
    object: wordsOf<ObjectType | 'ignore'>(object, objectOf),
    objects: listOf(objects),
    complete: typeof objects === 'object' && 'complete' in objects ? objects.complete !== false : true,
    count: takeOf(mapping.count),
    operation: takeOf(mapping.operation),
    owners: listOf(mapping.owners),
    recipients: listOf(mapping.recipients),
    columns: listOf(mapping.columns),
    outcome: wordsOf(mapping.outcome, () => null),
    org: takeOf(mapping.org),
    ip: takeOf(mapping.ip),
    user_agent: takeOf(mapping.user_agent),
    session: takeOf(mapping.session),
    device: takeOf(mapping.device),
    client_app: takeOf(mapping.client_app),
    export_format: takeOf(mapping.export_format),
    bytes: takeOf(mapping.bytes),
  }
}

/** The first field that is filled. Names are compared without case, spaces and signs when none is there as written. */
function takeOf(field: Field | undefined): Take {
  if (field === undefined) return () => undefined
  const paths = asList(field)
  const loose = paths.map(plain)
  const names = new Map<string, string>()
  const plainOf = (name: string): string => {
    let known = names.get(name)
    if (known === undefined) {
      known = plain(name)
      if (names.size >= 1_000) names.clear()
      names.set(name, known)
    }
    return known
  }
  return (row) => {
    for (const path of paths) {
      const value = fieldAt(row, path)
      if (filled(value)) return value
    }
    for (const wanted of loose) {
      if (wanted === '') continue
      for (const key in row) if (plainOf(key) === wanted && filled(row[key])) return row[key]
    }
    return undefined
  }
}

/** Dots keep their meaning: `a.b` is not to be found in `ab`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}.]/gu, '')

const filled = (value: unknown): boolean => !isEmpty(value)

function wordsOf<T extends string>(
  vocabulary:
    | T
    | {
        readonly from: Field
        readonly words?: Readonly<Record<string, T>>
        readonly otherwise?: T | 'guess'
      }
    | undefined,
  guess: (word: string) => T | null,
): Words<T> {
  if (vocabulary === undefined) return () => null
  if (typeof vocabulary === 'string') return () => vocabulary
  const at = takeOf(vocabulary.from)
  const meaning = createWordTable(vocabulary.words ?? {})
  const { otherwise = 'guess' } = vocabulary
  return (row) => {
    const word = cleanText(at(row))
    if (word === null) return otherwise === 'guess' ? null : otherwise
    return meaning(word) ?? (otherwise === 'guess' ? guess(word) : otherwise)
  }
}

function listOf(field: ListField | undefined): (row: NativeRow) => string[] {
  if (field === undefined) return () => []
  const isPlain = typeof field === 'string' || !('from' in field)
  const at = takeOf(isPlain ? field : field.from)
  const split = isPlain ? undefined : field.split
  return (row) => {
    const value = at(row)
    const parts = split !== undefined && typeof value === 'string' ? value.split(split) : value
    // Without `split` a text is one id, for ids may hold spaces and commas; lists in brackets are what they look like.
    if (typeof parts === 'string' && split === undefined && !/^\s*\[.*\]\s*$/s.test(parts)) {
      const id = cleanId(parts)
      return id === null ? [] : [id]
    }
    return cleanIds(typeof parts === 'number' ? [parts] : parts)
  }
}

function timeOf(time: Mapping['time']): (row: NativeRow) => number {
  const isPlain = typeof time === 'string' || !('from' in time)
  const at = takeOf(isPlain ? time : time.from)
  const local = createLocalTime((isPlain ? undefined : time.zone) ?? 'UTC')
  const given = isPlain ? undefined : time.format
  const formats = given === undefined ? [] : asList(given).map((format) => createTimeFormat(format, local))
  return (row) => {
    const value = at(row)
    if (typeof value === 'string')
      for (const read of formats) {
        const found = read(value)
        if (!Number.isNaN(found)) return found
      }
    return formats.length > 0 && typeof value === 'string' ? Number.NaN : cleanTime(value, local)
  }
}

/** By these a row is known for one of the log. */
function knownPaths({ time, actor, action }: Mapping): readonly Take[] {
  const timeFrom = typeof time === 'object' && 'from' in time ? time.from : time
  return [takeOf(timeFrom), takeOf(actor), ...(typeof action === 'string' ? [] : [takeOf(action.from)])]
}

/** Journals kept by hand write `3 000`, `3'000` and `3,000`, which is three thousand. */
function countOf(value: unknown): number | null {
  if (typeof value !== 'string') return cleanCount(value)
  const text = value.trim()
  return cleanCount(/^\d{1,3}([\s',.]\d{3})+$/.test(text) ? text.replaceAll(/[\s',.]/g, '') : text)
}

const bytesOf = (value: unknown): number | null => cleanCount(value)

/** A source's word as the name of a counter: numbers in it are ids, and what is no word is not told. */
const bounded = (type: string | null): string =>
  type !== null && /^[\p{L}\p{N}_ .:/-]{1,60}$/u.test(type) ? type.replaceAll(/\d{3,}/g, '#') : '(other)'
