import {
  ACTIONS,
  ACTOR_TYPES,
  CHANNELS,
  CLOUD_EVENT_TYPE,
  DEFAULT_ORG,
  EVENT_LIMITS,
  OBJECT_TYPES,
  OUTCOMES,
  RECORD_COUNT_BASES,
} from '../../model/event.ts'
import { EARLIEST_TIME, LATEST_TIME } from '../../model/event-time.ts'
import type { EventDraft } from '../event-draft.ts'
import { parseRfc3339 } from '../rfc3339.ts'
import { SINGULAR_FIELDS } from '../singular-fields.ts'
import type { RejectReason } from '../stream-sink.ts'
import { cloudEventUid } from './cloud-event-uid.ts'

/** A value that could not be used: a code for metrics, and what, where and what is allowed, without the value itself. */
export interface Reject {
  readonly reason: RejectReason
  readonly detail: string
}

export interface CanonicalOptions {
  /** Tenant of events that name none. */
  readonly defaultOrg?: string
  /** Tenant forced on every event (a token bound to it); an event that names another is refused. */
  readonly forcedOrg?: string | null
  /** Newest event time accepted, epoch milliseconds; LATEST_TIME where the past is read, which has its own clock. */
  readonly latestTime: number
}

const NO_ITEMS: string[] = []

/**
 * Reads one canonical event or CloudEvent into `draft`, which is overwritten whole. Returns null, or why it cannot be
 * used. Unknown fields are ignored; known ones of the wrong type are not.
 */
export function readCanonical(value: unknown, draft: EventDraft, options: CanonicalOptions): Reject | null {
  if (!isObject(value)) return reject('invalid_event', 'the message must be a JSON object')
  try {
    if (value.specversion !== undefined) return readCloudEvent(value, draft, options)
    readFields(value, draft, options)
    return null
  } catch (error) {
    if (error instanceof FieldError) return { reason: error.reason, detail: error.message }
    throw error
  }
}

function readCloudEvent(value: Fields, draft: EventDraft, options: CanonicalOptions): Reject | null {
  if (value.specversion !== '1.0') return reject('unsupported_type', 'specversion must be "1.0"')
  if (value.type !== CLOUD_EVENT_TYPE) return reject('unsupported_type', `type must be "${CLOUD_EVENT_TYPE}"`)
  if (!isObject(value.data)) return reject('invalid_event', 'data must be a JSON object')
  const { data } = value
  readFields(
    {
      ...data,
      event_uid: data.event_uid ?? cloudEventUid(value.source, value.id),
      time: data.time ?? value.time,
      actor_uid: data.actor_uid ?? value.subject,
    },
    draft,
    options,
  )
  return null
}

function readFields(value: Fields, draft: EventDraft, options: CanonicalOptions): void {
  refuseSingular(value)
  draft.actor_uid = readActor(value.actor_uid)
  draft.time = readTime(value.time, options.latestTime)
  draft.org_uid = readOrg(value, options)
  draft.event_uid = uid(value.event_uid, 'event_uid')
  draft.source_product = text(value.source_product, 'source_product')
  draft.source_event_type = text(value.source_event_type, 'source_event_type')
  draft.actor_name = text(value.actor_name, 'actor_name')
  draft.actor_type = oneOf(value.actor_type, 'actor_type', ACTOR_TYPES, 'user')
  draft.on_behalf_of_uid = uid(value.on_behalf_of_uid, 'on_behalf_of_uid')
  if (value.action === undefined || value.action === null) throw new FieldError('invalid_event', 'action is missing')
  draft.action = oneOf(value.action, 'action', ACTIONS, 'view')
  draft.object_type = oneOf(value.object_type, 'object_type', OBJECT_TYPES, 'unknown')
  draft.object_uids = list(value.object_uids, 'object_uids', EVENT_LIMITS.objects, true)
  draft.object_uids_complete = bool(value.object_uids_complete, 'object_uids_complete') ?? true
  readCount(value, draft)
  draft.logical_op_uid = uid(value.logical_op_uid, 'logical_op_uid')
  draft.chunk_seq = integer(value.chunk_seq, 'chunk_seq', Number.MIN_SAFE_INTEGER)
  draft.owner_uids = list(value.owner_uids, 'owner_uids', EVENT_LIMITS.listItems, true)
  draft.columns = list(value.columns, 'columns', EVENT_LIMITS.listItems, false)
  draft.has_contact_fields = bool(value.has_contact_fields, 'has_contact_fields')
  draft.channel = value.channel == null ? null : oneOf(value.channel, 'channel', CHANNELS, 'ui')
  draft.src_ip = text(value.src_ip, 'src_ip')
  draft.user_agent = text(value.user_agent, 'user_agent')
  draft.session_uid = text(value.session_uid, 'session_uid')
  draft.device_uid = text(value.device_uid, 'device_uid')
  draft.client_app = text(value.client_app, 'client_app')
  draft.recipient_uids = list(value.recipient_uids, 'recipient_uids', EVENT_LIMITS.listItems, true)
  draft.query_text = text(value.query_text, 'query_text')
  draft.export_format = text(value.export_format, 'export_format')
  draft.bytes = integer(value.bytes, 'bytes', 0)
  draft.outcome = oneOf(value.outcome, 'outcome', OUTCOMES, 'success')
  draft.raw_ref = text(value.raw_ref, 'raw_ref')
}

function readActor(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= EVENT_LIMITS.uidLength) return value
  if (value === undefined || value === null || value === '') {
    throw new FieldError('missing_actor', 'actor_uid is missing: it must be a non-empty string')
  }
  throw new FieldError('invalid_event', `actor_uid must be a string of at most ${EVENT_LIMITS.uidLength} characters`)
}

function readTime(value: unknown, latest: number): number {
  if (value === undefined || value === null) throw new FieldError('missing_time', 'time is missing')
  const time = typeof value === 'number' ? value : typeof value === 'string' ? parseRfc3339(value) : Number.NaN
  if (!Number.isInteger(time)) {
    throw new FieldError('invalid_event', 'time must be RFC 3339 with its zone, or epoch milliseconds as an integer')
  }
  if (time < EARLIEST_TIME) {
    throw new FieldError('time_too_old', 'time lies before the year 2000; epoch times must be in milliseconds')
  }
  if (time > LATEST_TIME) {
    throw new FieldError('time_in_future', 'time lies after the year 2099; epoch times must be in milliseconds')
  }
  if (time > latest)
    throw new FieldError('time_in_future', 'time lies further in the future than ingest.max_future_ms allows')
  return time
}

function readOrg(value: Fields, options: CanonicalOptions): string {
  const named = uid(value.org_uid, 'org_uid')
  if (options.forcedOrg == null) return named ?? options.defaultOrg ?? DEFAULT_ORG
  if (named !== null && named !== options.forcedOrg) {
    throw new FieldError('invalid_event', 'org_uid is not the tenant that this token is bound to')
  }
  return options.forcedOrg
}

/** Unknown stays unknown: a count is what was reported, or the number of ids when they are all there. */
function readCount(value: Fields, draft: EventDraft): void {
  const count = integer(value.record_count, 'record_count', 0)
  const basis =
    value.record_count_basis == null
      ? null
      : oneOf(value.record_count_basis, 'record_count_basis', RECORD_COUNT_BASES, 'unknown')
  if (count !== null && basis !== 'unknown') {
    if (count > 2_147_483_647) throw new FieldError('invalid_event', 'record_count must be at most 2147483647')
    draft.record_count = count
    draft.record_count_basis = basis ?? 'reported'
  } else if (draft.object_uids.length > 0 && draft.object_uids_complete) {
    draft.record_count = draft.object_uids.length
    draft.record_count_basis = 'ids_counted'
  } else {
    draft.record_count = null
    draft.record_count_basis = 'unknown'
  }
}

const SINGULAR = Object.entries(SINGULAR_FIELDS)

function refuseSingular(value: Fields): void {
  for (const [one, many] of SINGULAR)
    if (value[one] != null && value[many] == null)
      throw new FieldError('invalid_event', `${one} is no field of an event: ${many} takes a list of them`)
}

type Fields = Readonly<Record<string, unknown>>

class FieldError extends Error {
  readonly reason: RejectReason
  constructor(reason: RejectReason, detail: string) {
    super(detail)
    this.reason = reason
  }
}

const reject = (reason: RejectReason, detail: string): Reject => ({ reason, detail })

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function text(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && value.length <= EVENT_LIMITS.textLength) return value
  throw new FieldError('invalid_event', `${field} must be a string of at most ${EVENT_LIMITS.textLength} characters`)
}

function uid(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && value !== '' && value.length <= EVENT_LIMITS.uidLength) return value
  throw new FieldError('invalid_event', `${field} must be a string of 1 to ${EVENT_LIMITS.uidLength} characters`)
}

function integer(value: unknown, field: string, least: number): number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new FieldError('invalid_event', `${field} must be an integer${least === 0 ? ' of 0 or more' : ''}`)
}

function bool(value: unknown, field: string): boolean | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value
  throw new FieldError('invalid_event', `${field} must be true or false`)
}

function oneOf<T extends string>(value: unknown, field: string, allowed: readonly T[], otherwise: T): T {
  if (value === undefined || value === null) return otherwise
  for (const one of allowed) if (one === value) return one
  throw new FieldError('invalid_event', `${field} must be one of ${allowed.join(', ')}`)
}

function list(value: unknown, field: string, most: number, ids: boolean): string[] {
  if (value === undefined || value === null) return NO_ITEMS
  const longest = ids ? EVENT_LIMITS.uidLength : EVENT_LIMITS.textLength
  if (Array.isArray(value) && value.length <= most && value.every((item) => isItem(item, ids, longest))) return value
  throw new FieldError(
    'invalid_event',
    `${field} must be a list of at most ${most} ${ids ? 'non-empty ' : ''}strings of at most ${longest} characters`,
  )
}

const isItem = (item: unknown, ids: boolean, longest: number): boolean =>
  typeof item === 'string' && item.length <= longest && !(ids && item === '')
