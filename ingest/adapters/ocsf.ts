import { Type } from 'typebox'
import { ACTIONS, type Action, type ObjectType } from '../../model/event.ts'
import { actOf, objectOf, wordsOf } from './act-words.ts'
import { defineAdapter, ignored, type NativeRow, oneEvent, type RowOutcome, rejected } from './adapter.ts'
import { cleanAddress } from './clean-address.ts'
import { cleanCount } from './clean-count.ts'
import { cleanId, cleanIds, cleanText } from './clean-text.ts'
import { cleanTime } from './clean-time.ts'
import { fieldAt, firstAt } from './field-at.ts'
import { lowerCased } from './lower-cased.ts'
import { nestedFields } from './ocsf/nested-fields.ts'

type Class = 'web' | 'api' | 'datastore' | 'file' | 'login'

const CLASSES: Readonly<Record<string, Class>> = {
  6001: 'web',
  6003: 'api',
  6005: 'datastore',
  6006: 'file',
  3002: 'login',
}
const CLASS_NAMES: Readonly<Record<string, Class>> = {
  'web resources activity': 'web',
  'api activity': 'api',
  'datastore activity': 'datastore',
  'file hosting activity': 'file',
  authentication: 'login',
}

/** What each activity of a class is; the ones that are not here are no access. */
const ACTIVITIES: Readonly<Record<Class, Readonly<Record<number, Action>>>> = {
  web: { 1: 'create', 2: 'view', 3: 'update', 4: 'delete', 5: 'search', 6: 'create', 7: 'export', 8: 'share' },
  api: { 1: 'create', 2: 'api_read', 3: 'update', 4: 'delete' },
  datastore: { 1: 'api_read', 2: 'update', 4: 'api_read', 5: 'update', 6: 'create', 7: 'delete', 8: 'list' },
  file: {
    1: 'create',
    2: 'download',
    3: 'update',
    4: 'delete',
    5: 'update',
    6: 'copy',
    7: 'update',
    8: 'update',
    9: 'view',
    12: 'share',
    14: 'view',
    15: 'download',
  },
  login: { 1: 'login' },
}

/** Acts on several records at once: what such an event names is mostly where they are, not which. */
const WIDE: readonly Action[] = ['export', 'list', 'search', 'api_read', 'bulk_read', 'download', 'print']
/** What an API's operation tells better than its activity, which knows four only. */
const TELLING: readonly Action[] = ['export', 'download', 'print', 'share', 'copy', 'bulk_read']
const CUSTOMERS: readonly ObjectType[] = ['contact', 'lead', 'account', 'deal']

/** Where producers put the number of records; OCSF has no field for it. Its own `count` is of events, not of records. */
const COUNTS =
  'record_count records_count row_count rows_count rows_returned rows_processed records_processed num_records num_rows total_records result_count results_count num_results affected_rows recordCount rowCount rowsReturned rowsProcessed resultCount totalRecords'
    .split(' ')
    .flatMap((name) => [`unmapped.${name}`, `query_info.${name}`, `api.response.data.${name}`, `enrichments.${name}`])

export const ocsf = defineAdapter({
  name: 'ocsf',
  title: 'OCSF Application Activity',
  product: 'ocsf',
  options: Type.Object({
    resource_types: Type.String({
      default: '',
      description:
        'Resource types, tables or services that count, separated by commas, with * for any characters; empty takes all.',
    }),
  }),
  lists: ['events', 'records', 'data', 'hits.hits'],
  keyOf: lowerCased,
  create({ resource_types }) {
    const wanted = resource_types
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .map(globOf)
    return (given) => readOcsf(nestedFields(unwrapped(given)), wanted)
  },
})

const globOf = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '.*')}$`, 'i')

const isFields = (value: unknown): value is NativeRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The event out of a collector's envelope. */
function unwrapped(row: NativeRow): NativeRow {
  for (const name of ['ocsf', 'event', '_source', 'data', 'detail', 'record', 'body']) {
    const inner = row[name]
    if (isOcsf(row) || !isFields(inner)) continue
    if (isOcsf(inner)) return inner
    if (isFields(inner.ocsf) && isOcsf(inner.ocsf)) return inner.ocsf
  }
  return row
}

const isOcsf = (row: NativeRow): boolean =>
  row.class_uid !== undefined || row.type_uid !== undefined || row.class_name !== undefined

function readOcsf(row: NativeRow, wanted: readonly RegExp[]): RowOutcome {
  const typeUid = cleanCount(row.type_uid)
  const classUid = cleanCount(row.class_uid) ?? (typeUid === null ? null : Math.floor(typeUid / 100))
  const className = cleanText(row.class_name)
  if (classUid === null && className === null)
    return rejected('unknown_layout', 'class_uid, type_uid and class_name are missing')
  const kind = classOf(classUid, className)
  const activityId = cleanCount(row.activity_id) ?? (typeUid === null ? null : typeUid % 100)
  const activity = cleanText(row.activity_name) ?? namedAfter(cleanText(row.type_name))
  const type = `${className ?? String(classUid)}: ${activity ?? activityId ?? 'unknown'}`.slice(0, 80)
  if (kind === null) return ignored((className ?? `class ${classUid}`).slice(0, 80))

  const operation = cleanText(firstAt(row, 'api.operation'))
  const action = actionOf(kind, activityId, activity, operation)
  if (action === 'untold')
    return rejected('invalid_event', 'activity_id 99 needs activity_name or api.operation, and both are missing')
  if (action === null) return ignored(type)

  const resources = resourcesOf(row, kind)
  if (wanted.length > 0 && kind !== 'login' && !resources.words.some((word) => wanted.some((one) => one.test(word))))
    return ignored(type)

  const time = cleanTime(firstAt(row, 'time', 'time_dt', 'start_time'))
  if (Number.isNaN(time)) return rejected('missing_time', 'time is missing or not a time')
  const actor = actorOf(row, kind)
  if (actor === null)
    return rejected('missing_actor', 'actor.user has neither uid nor name, and no other actor is named')

  const object = kind === 'login' ? 'unknown' : resources.object
  const named = kind === 'login' ? [] : resources.ids
  // An export names the report or table it was taken from: its id is kept from being counted as one record.
  const complete = WIDE.includes(action) && kind !== 'file' ? resources.areCustomers : !resources.areContainers
  const count = kind === 'login' ? null : reportedCount(row)
  return oneEvent({
    time,
    actor_uid: actor.uid,
    actor_name: actor.name,
    actor_type: actor.type,
    org_uid: cleanId(firstAt(row, 'metadata.tenant_uid', 'actor.user.org.uid', 'cloud.org.uid')) ?? undefined,
    source_event_type: type,
    action,
    object_type: object,
    object_uids: named,
    object_uids_complete: complete || named.length === 0,
    ...(count === null ? {} : { record_count: count, record_count_basis: 'reported' as const }),
    channel: kind === 'api' ? 'api' : null,
    src_ip: cleanAddress(firstAt(row, 'src_endpoint.ip', 'device.ip', 'src_endpoint.intermediate_ips')),
    user_agent: cleanText(firstAt(row, 'http_request.user_agent')),
    session_uid: cleanText(firstAt(row, 'actor.session.uid', 'session.uid')),
    device_uid: cleanText(firstAt(row, 'device.uid', 'device.hostname')),
    client_app: cleanText(firstAt(row, 'actor.app_name', 'actor.application.name', 'src_endpoint.svc_name')),
    recipient_uids: action === 'share' ? cleanIds(firstAt(row, 'share_target.uid', 'dst_user.uid', 'user.uid')) : [],
    outcome: outcomeOf(row),
  })
}

function classOf(uid: number | null, name: string | null): Class | null {
  const byName = name === null ? undefined : CLASS_NAMES[wordsOf(name)]
  // In 1.0.0-rc.2 API Activity was class 3005, which is User Access Management today.
  if (uid === 3005) return byName === 'api' ? 'api' : null
  if (uid !== null && Object.hasOwn(CLASSES, String(uid))) return CLASSES[String(uid)]
  return uid === null ? (byName ?? null) : null
}

/** `API Activity: Read` without the class. */
const namedAfter = (typeName: string | null): string | null => {
  const name = typeName?.split(':').slice(1).join(':').trim()
  return name === undefined || name === '' ? null : name
}

function actionOf(
  kind: Class,
  id: number | null,
  activity: string | null,
  operation: string | null,
): Action | 'untold' | null {
  const known = id === null ? undefined : ACTIVITIES[kind][id]
  const byOperation = actOf(operation)
  if (known !== undefined) {
    // An activity of reading says little of an operation such as ExportContacts.
    const reads = kind === 'api' && known === 'api_read'
    return reads && byOperation !== null && TELLING.includes(byOperation) ? byOperation : known
  }
  if (kind === 'login' || (id !== null && id !== 99 && id !== 0))
    return kind === 'login' ? byLoginName(id, activity) : null
  if (id !== 0 && isEmptyName(activity) && operation === null) return 'untold'
  const action = exactly(activity) ?? (isEmptyName(activity) ? null : actOf(activity)) ?? byOperation
  if (action === null || action === 'login') return null
  const viaApi = kind === 'api' && (action === 'view' || action === 'list' || action === 'search')
  return viaApi ? 'api_read' : action
}

const byLoginName = (id: number | null, activity: string | null): Action | null =>
  (id === null || id === 99) && activity !== null && actOf(activity) === 'login' ? 'login' : null

/** `Other` and `Unknown` repeat the number. */
const isEmptyName = (activity: string | null): boolean => activity === null || /^(other|unknown)$/i.test(activity)

/** An activity named by one of our own words, such as `copy` or `bulk_read`. */
const exactly = (activity: string | null): Action | null =>
  ACTIONS.find((action) => action === activity?.toLowerCase().replaceAll(/[ -]/g, '_')) ?? null

/** What holds records and is none, such as a contact list. */
const CONTAINER = /\b(list|lists|group|groups|segment|segments|collection|view|report|folder|table|bucket)\b/

interface Resources {
  readonly ids: readonly string[]
  readonly object: ObjectType
  /** Whether every one of them is a customer's record. */
  readonly areCustomers: boolean
  /** Whether one of them is a list, a report or another thing that holds records. */
  readonly areContainers: boolean
  /** Types and tables, to be compared with the option. */
  readonly words: readonly string[]
}

const SENSITIVE_FIRST: readonly ObjectType[] = ['contact', 'lead', 'account', 'deal', 'file', 'report']

function resourcesOf(row: NativeRow, kind: Class): Resources & { readonly ids: string[] } {
  const listed = [
    'web_resources',
    'web_resource',
    'resources',
    'resource',
    'databucket',
    'table',
    'database',
    'file',
  ].flatMap((name) => {
    const value = row[name]
    return (Array.isArray(value) ? value.slice(0, 50_000) : [value])
      .filter(isFields)
      .map((fields) => ({ name, fields }))
  })
  const ids = new Set<string>()
  const types: ObjectType[] = []
  const words: string[] = []
  let containers = 0
  for (const { name, fields } of listed) {
    const typed = cleanText(fields.type) ?? cleanText(fields.group) ?? null
    const isContainer = name === 'table' || name === 'database' || name === 'databucket'
    const word = typed ?? (isContainer ? cleanText(fields.name) : null)
    if (word !== null) words.push(word)
    // A table is told by its name; the name of a record can be a person's and tells nothing.
    const own = isContainer ? objectOf(cleanText(fields.name)) : objectOf(word)
    const byPath = own === 'unknown' ? objectOf(pathOf(cleanText(fields.url_string))) : own
    types.push(byPath)
    if (word !== null && CONTAINER.test(wordsOf(word))) containers++
    const id = isContainer ? null : (cleanId(fields.uid) ?? cleanId(fields.uid_alt))
    if (id !== null) ids.add(id)
  }
  const service = cleanText(firstAt(row, 'api.service.name'))
  if (service !== null) words.push(service)
  const object = SENSITIVE_FIRST.find((one) => types.includes(one)) ?? (kind === 'file' ? 'file' : hintOf(row))
  const areCustomers =
    containers === 0 && ids.size > 0 && ids.size === types.length && types.every((one) => CUSTOMERS.includes(one))
  return {
    ids: [...ids],
    object: kind === 'file' && object === 'unknown' ? 'file' : object,
    areCustomers,
    areContainers: containers > 0 || object === 'report',
    words,
  }
}

/** The kind of record by what the call itself says, where no resource does. */
function hintOf(row: NativeRow): ObjectType {
  const operation = objectOf(cleanText(firstAt(row, 'api.operation')))
  if (operation !== 'unknown') return operation
  const path = cleanText(firstAt(row, 'http_request.url.path', 'http_request.url.url_string', 'http_request.url.text'))
  return objectOf(pathOf(path))
}

/** The path of a URL, without the host, whose name may hold any word. */
const pathOf = (url: string | null): string | null =>
  url === null ? null : url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '')

function reportedCount(row: NativeRow): number | null {
  for (const path of COUNTS) {
    const count = cleanCount(fieldAt(row, path))
    if (count !== null) return count
  }
  return null
}

interface Actor {
  readonly uid: string
  readonly name: string | null
  readonly type: 'user' | 'integration' | 'system'
}

function actorOf(row: NativeRow, kind: Class): Actor | null {
  const at = (field: string) => {
    const own = fieldAt(row, `actor.user.${field}`)
    // In Authentication the person who logs in is `user`; `actor` may be the directory.
    if (kind === 'login') return firstAt(row, `user.${field}`) ?? own
    return own ?? undefined
  }
  const name = cleanText(at('email_addr')) ?? cleanText(at('name')) ?? cleanText(at('full_name'))
  const user = cleanId(at('uid')) ?? cleanId(at('uid_alt')) ?? cleanId(name)
  const type = at('type_id')
  if (user !== null) return { uid: user, name, type: type === 3 ? 'system' : type === 4 ? 'integration' : 'user' }
  const app = cleanId(firstAt(row, 'actor.app_uid', 'actor.app_name', 'actor.application.uid', 'actor.invoked_by'))
  return app === null ? null : { uid: app, name: null, type: 'integration' }
}

function outcomeOf(row: NativeRow): 'success' | 'failure' {
  const id = cleanCount(row.status_id)
  if (id === 1 || id === 2) return id === 2 ? 'failure' : 'success'
  const status = cleanText(row.status)
  if (status !== null && /^(fail|denied|error|blocked)/i.test(status)) return 'failure'
  if (status !== null && /^succe/i.test(status)) return 'success'
  const code = cleanCount(firstAt(row, 'http_response.code', 'api.response.code'))
  const error = cleanText(firstAt(row, 'api.response.error'))
  return error !== null || (code !== null && code >= 400) ? 'failure' : 'success'
}
