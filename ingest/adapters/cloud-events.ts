import { Type } from 'typebox'
import { ACTIONS, CLOUD_EVENT_TYPE } from '../../model/event.ts'
import { LATEST_TIME } from '../../model/event-time.ts'
import { parseJsonText } from '../../model/json-text.ts'
import { createEventDraft } from '../event-draft.ts'
import {
  type Adapter,
  defineAdapter,
  ignored,
  type NativeRow,
  oneEvent,
  type ReadRow,
  type RowOutcome,
  rejected,
} from './adapter.ts'
import { readCanonical } from './canonical.ts'
import { cleanText } from './clean-text.ts'
import { cleanTime } from './clean-time.ts'
import { cloudEventUid } from './cloud-event-uid.ts'
import { insideEnvelope } from './inside-envelope.ts'
import { lowerCased } from './lower-cased.ts'
import { isFields } from './native-fields.ts'
import { nestedFields } from './nested-fields.ts'

interface Native {
  readonly read: ReadRow
  readonly keyOf: (name: string) => string
}

/**
 * CloudEvents 1.0 in structured or batch mode. Their data is an access event, or a row of one of the `others`, when the
 * event's type names that adapter or the `types` option says so. Bare access events are read as well.
 */
export function createCloudEvents(others: readonly Adapter[]): Adapter {
  const names = others.map(({ name }) => name)
  return defineAdapter({
    name: 'cloud-events',
    title: 'CloudEvents',
    product: 'cloud-events',
    options: Type.Object({
      types: Type.Refine(
        Type.String({
          default: '',
          description: 'What else events hold: their type, =, an adapter or `canonical`; several with commas.',
        }),
        (text) => pairsOf(text).every(({ type, adapter }) => type !== '' && [...names, 'canonical'].includes(adapter)),
        () => `must be TYPE=ADAPTER,... with an adapter of canonical, ${names.join(', ')}`,
      ),
    }),
    lists: ['events', 'Records'],
    keyOf: lowerCased,
    create({ types }) {
      const natives = new Map<string, Native>()
      for (const adapter of others) {
        const bound = adapter.bind({})
        if (bound.ok)
          natives.set(adapter.name, {
            read: insideEnvelope(bound.readRow, adapter.keyOf),
            keyOf: adapter.keyOf ?? ((name: string) => name),
          })
      }
      const given = new Map(pairsOf(types).map(({ type, adapter }) => [type, adapter]))
      return (row) => readCloudEvent(isFlat(row) ? nestedFields(row) : row, natives, given)
    },
  })
}

/** Tables write `data.action` for fields of the data. */
function isFlat(row: NativeRow): boolean {
  for (const key in row) if (key.startsWith('data.')) return true
  return false
}

const pairsOf = (text: string): { type: string; adapter: string }[] =>
  text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.lastIndexOf('=')
      return { type: pair.slice(0, Math.max(at, 0)).trim(), adapter: pair.slice(at + 1).trim() }
    })

function readCloudEvent(
  row: NativeRow,
  natives: ReadonlyMap<string, Native>,
  given: ReadonlyMap<string, string>,
): RowOutcome {
  if (row.specversion === undefined) {
    if (row.action !== undefined && row.actor_uid !== undefined) return readAccess({}, row)
    return rejected('unknown_layout', 'specversion is missing: neither a CloudEvent nor an access event')
  }
  if (!/^1\.0(\.\d+)?$/.test(cleanText(row.specversion) ?? '') && row.specversion !== 1)
    return rejected('unsupported_type', 'specversion must be "1.0"')
  const type = cleanText(row.type)
  if (type === null) return rejected('invalid_event', 'type is missing')
  const adapter = given.get(type) ?? adapterNamed(type, natives)
  const data = dataOf(row)
  const isAccess = type === CLOUD_EVENT_TYPE || adapter === 'canonical'
  if (!isAccess && adapter === null && !(isFields(data) && looksCanonical(data, row))) return ignored(type.slice(0, 80))
  if (data === null) return rejected('invalid_event', 'data must be a JSON object')
  if (adapter === null || isAccess)
    return isFields(data) ? readAccess(row, data) : rejected('invalid_event', 'data must be a JSON object')
  const native = natives.get(adapter)
  if (native === undefined)
    return rejected('unsupported_type', 'the adapter for this type cannot be used without options')
  return readNative(Array.isArray(data) ? data : [data], native)
}

/** The adapter that the type names, as in `crm.native.hubspot` or `com.example.salesforce-event-log-file.v1`. */
function adapterNamed(type: string, natives: ReadonlyMap<string, Native>): string | null {
  const parts = type.slice(0, 300).toLowerCase().split(/[./:]/)
  return parts.find((part) => natives.has(part)) ?? null
}

/** Data of some other type that still is an access event in every respect. */
const looksCanonical = (data: NativeRow, envelope: NativeRow): boolean =>
  ACTIONS.some((action) => action === data.action) &&
  cleanText(data.actor_uid ?? envelope.subject) !== null &&
  ['object_type', 'object_uids', 'record_count', 'actor_uid'].some((name) => data[name] !== undefined)

/** The data, whether as JSON, as JSON in a text, or as bytes in base64; null when there is none of these. */
function dataOf(row: NativeRow): NativeRow | readonly unknown[] | null {
  const { data } = row
  if (isFields(data) || Array.isArray(data)) return data
  const text =
    typeof data === 'string'
      ? data
      : typeof row.data_base64 === 'string'
        ? Buffer.from(row.data_base64, 'base64').toString()
        : ''
  if (!/^\s*[[{]/.test(text)) return null
  try {
    const parsed: unknown = parseJsonText(text)
    return isFields(parsed) || Array.isArray(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** Reads data as the pipeline reads access events, so that an event keeps its id whichever way it comes in. */
function readAccess(envelope: NativeRow, data: NativeRow): RowOutcome {
  const time = cleanTime(data.time ?? envelope.time)
  if (Number.isNaN(time)) return rejected('missing_time', 'data.time and time are missing or not a time')
  const draft = createEventDraft()
  const fault = readCanonical(
    {
      ...data,
      time,
      event_uid: data.event_uid ?? cloudEventUid(envelope.source, envelope.id),
      actor_uid: data.actor_uid ?? envelope.subject,
    },
    draft,
    { latestTime: LATEST_TIME },
  )
  if (fault !== null) return rejected(fault.reason, fault.detail)
  const { event_uid, org_uid, raw_ref: _, ...said } = draft
  return oneEvent({
    ...said,
    ...(event_uid === null ? {} : { event_uid }),
    ...(data.org_uid == null ? {} : { org_uid }),
  })
}

function readNative(rows: readonly unknown[], { read, keyOf }: Native): RowOutcome {
  const outcomes = rows.map((row) =>
    isFields(row) ? read(renamed(row, keyOf)) : rejected('invalid_event', 'a record in data must be a JSON object'),
  )
  const events = outcomes.flatMap((outcome) => (outcome.kind === 'events' ? outcome.events : []))
  const refused = outcomes.find(({ kind }) => kind === 'rejected')
  // An event that is read in part would hide what was lost of it.
  if (refused !== undefined) return refused
  return events.length > 0 ? { kind: 'events', events } : (outcomes[0] ?? ignored('empty'))
}

function renamed(row: NativeRow, keyOf: (name: string) => string): NativeRow {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(row)) {
    const name = keyOf(key)
    if (name !== '__proto__') out[name] ??= value
  }
  return out
}
