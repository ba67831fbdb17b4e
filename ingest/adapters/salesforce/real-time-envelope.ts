import type { NativeRow } from '../adapter.ts'
import { cleanText, isEmpty } from '../clean-text.ts'
import { asFields, isFields } from '../native-fields.ts'
import { ZONE_IN_NAME } from '../portal-time.ts'
import { rowType } from '../row-type.ts'
import { insideEnvelope } from './collector-envelope.ts'

export interface RealTimeRow {
  /** The event's own fields. */
  readonly fields: NativeRow
  /** Such as `ReportEvent`; null when neither the envelope nor the row says it. */
  readonly type: string | null
  /** What the row calls its type when that is no event's name: rows of other logs, such as `SetupAuditTrail`. */
  readonly otherType: string | null
}

/** A message of the transport itself, such as a handshake. */
export interface TransportMessage {
  readonly transport: string
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Takes an event out of what it travels in: the Streaming API's `{channel, data: {payload, event}}`, the Pub/Sub form
 * `{schema, payload, event}`, or nothing at all for rows of a big object.
 */
export function openEnvelope(given: NativeRow): RealTimeRow | TransportMessage {
  const row = unwrapped(given)
  const channel = cleanText(row.channel) ?? cleanText(row.topic)
  if (channel?.startsWith('/meta/')) return { transport: channel.slice(0, 60) }
  const data = asFields(row.data) ?? asFields(row.sobject) ?? asFields(row.detail) ?? row
  const payload = asFields(data.payload) ?? asFields(data.sobject) ?? data
  const fields = named(payload)
  const attributes = isFields(payload.attributes) ? payload.attributes : isFields(row.attributes) ? row.attributes : {}
  const said = [channel, attributes.type, fields.EventType, row.eventType, row.type, schemaName(data.schema)]
    // Kafka Connect's connector writes the object's name into the row, EventBridge into its envelope.
    .concat([fields._ObjectType, row['detail-type']])
  const word = cleanText(fields.EventType) ?? cleanText(attributes.type)
  return {
    fields,
    type: said.map(typeName).find((name) => name !== null) ?? null,
    otherType: word === null ? null : rowType(word),
  }
}

/** A collector's envelope holds an event, or an envelope of Salesforce's own; the latter is opened above. */
function unwrapped(row: NativeRow): NativeRow {
  const isOwn = (fields: Fields) =>
    fields.channel !== undefined ||
    fields.payload !== undefined ||
    fields.schema !== undefined ||
    fields.detail !== undefined ||
    isEvent(fields)
  if (isOwn(row)) return row
  for (const inner of insideEnvelope(row)) if (isOwn(inner)) return inner
  return row
}

const isEvent = (fields: Fields): boolean =>
  Object.keys(fields).some((key) => /^(event_?date|event_?identifier|user_?id)$/i.test(key))

const NAME = /^(?:.*\/)?([A-Za-z]{3,60}?Event)(?:Stream|Store|StreamStore)?(?:__e)?$/

/** `/event/ReportEventStream`, `ReportEventStore` and `ReportEvent` are one type. */
export function typeName(value: unknown): string | null {
  return NAME.exec(cleanText(value) ?? '')?.[1] ?? null
}

/** An Avro schema's name, where it is given as an object instead of an id. */
const schemaName = (schema: unknown): unknown => (isFields(schema) ? schema.name : schema)

/** Under which names collectors hand fields on: in lower case, with or without underscores. */
const FIELDS =
  'EventType OperationType Action Section Display LoginTime TimestampDerived Timestamp EventDate EventIdentifier UserId Username SourceIp SessionKey LoginKey CreatedDate PolicyOutcome Operation RowsProcessed RowsReturned QueriedEntities Records ReportId ColumnHeaders ExportFileFormat ExecutionIdentifier Sequence ListViewId Query Client ConnectedAppId UserAgent RecordId PageUrl OperationStatus RelatedEventIdentifier FileAction ContentSize DocumentId VersionId Status DelegatedUsername LoginType VerificationMethod DevicePlatform OrganizationId DashboardId Platform Application'.split(
    ' ',
  )
const BY_PLAIN_NAME = new Map([
  ...FIELDS.map((name): [string, string] => [name.toLowerCase(), name]),
  ['recordsprocessed', 'RowsProcessed'],
  ['entityname', 'QueriedEntities'],
])

/** The fields under the documented names, values of Avro unions (`{"string": "x"}`) unpacked. */
function named(payload: Fields): NativeRow {
  const fields: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(payload)) {
    const bare = key.includes('[') ? key.replace(ZONE_IN_NAME, '') : key
    const name = BY_PLAIN_NAME.get(bare.replaceAll('_', '').toLowerCase()) ?? key
    if (name !== '__proto__' && (fields[name] === undefined || fields[name] === null)) fields[name] = plain(value)
  }
  return fields
}

const UNION = /^(string|str|double|long|int|boolean|float|bytes)$/

function plain(value: unknown): unknown {
  if (!isFields(value)) return value
  const keys = Object.keys(value)
  return keys.length === 1 && UNION.test(keys[0]) ? value[keys[0]] : value
}

/** Fields by which rows of no named type are told, in this order. */
const TELLING: readonly (readonly [type: string, ...fields: string[]])[] = [
  ['IdentityVerificationEvent', 'VerificationMethod'],
  ['LoginAsEvent', 'DelegatedUsername'],
  ['FileEvent', 'FileAction'],
  ['ListViewEvent', 'ListViewId'],
  ['ReportEvent', 'ReportId', 'Operation'],
  ['ApiEvent', 'Query', 'Operation'],
  ['LightningUriEvent', 'PageUrl', 'Operation'],
  ['UriEvent', 'OperationStatus'],
  ['LoginEvent', 'LoginType', 'Status'],
  ['BulkApiResultEvent', 'Query', 'EventIdentifier'],
  ['SetupAuditTrail', 'Action', 'Section', 'Display'],
]

/** All that a logout has. */
const COMMON = new Set(
  'attributes Id EventDate EventIdentifier CreatedDate CreatedById UserId Username SourceIp SessionKey LoginKey SessionLevel LoginHistoryId PolicyId PolicyOutcome EvaluationTime RelatedEventIdentifier ReplayId EventUuid'.split(
    ' ',
  ),
)

export function guessType(fields: NativeRow): string | null {
  // A table of all types has all of their columns: what is filled tells before what is there.
  const told =
    TELLING.find(([, ...names]) => names.every((name) => !isEmpty(fields[name]))) ??
    TELLING.find(([, ...names]) => names.every((name) => fields[name] !== undefined))
  if (told !== undefined) return told[0]
  const isBare = fields.EventIdentifier !== undefined && Object.keys(fields).every((name) => COMMON.has(name))
  return isBare ? 'LogoutEvent' : null
}
