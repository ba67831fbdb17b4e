import { Type } from 'typebox'
import type { Action } from '../../model/event.ts'
import {
  defineAdapter,
  ENVELOPE_LISTS,
  ignored,
  type NativeRow,
  oneEvent,
  type RowOutcome,
  rejected,
} from './adapter.ts'
import { cleanAddress } from './clean-address.ts'
import { cleanCount } from './clean-count.ts'
import { cleanId, cleanIds, cleanText } from './clean-text.ts'
import { cleanTime } from './clean-time.ts'
import { fieldAt, firstAt } from './field-at.ts'
import { lowerCased } from './lower-cased.ts'
import { isFields } from './native-fields.ts'
import { nestedFields } from './nested-fields.ts'
import { actionOf, classOf, namedAfter } from './ocsf/activity.ts'
import { actorOf } from './ocsf/actor.ts'
import { resourcesOf } from './ocsf/resources.ts'

/** Acts on several records at once: what such an event names is mostly where they are, not which. */
const WIDE: readonly Action[] = ['export', 'list', 'search', 'api_read', 'bulk_read', 'download', 'print']
/** Where producers put the number of records; OCSF has no field for it. Its own `count` is of events, not of records. */
const COUNT_HOLDERS = ['unmapped', 'query_info', 'api.response.data', 'enrichments'] as const
const COUNT_NAMES =
  'record_count records_count row_count rows_count rows_returned rows_processed records_processed num_records num_rows total_records result_count results_count num_results affected_rows recordCount rowCount rowsReturned rowsProcessed resultCount totalRecords'.split(
    ' ',
  )

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
  lists: [...ENVELOPE_LISTS, 'Records'],
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

function reportedCount(row: NativeRow): number | null {
  for (const holder of COUNT_HOLDERS) {
    const held = fieldAt(row, holder)
    const fields = isFields(held) ? [held] : Array.isArray(held) ? held.filter(isFields) : []
    for (const name of COUNT_NAMES)
      for (const one of fields) {
        const count = cleanCount(one[name])
        if (count !== null) return count
      }
  }
  return null
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
