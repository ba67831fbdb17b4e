import { type Static, Type } from 'typebox'

/**
 * The contact-access event: one user operation on customer records. Names follow OCSF 1.8
 * (Web Resources Activity) where OCSF has a word for the thing.
 */

export const ACTIONS = [
  'view',
  'list',
  'search',
  'copy',
  'export',
  'print',
  'api_read',
  'bulk_read',
  'download',
  'share',
  'create',
  'update',
  'delete',
  'login',
] as const
export type Action = (typeof ACTIONS)[number]

export const OBJECT_TYPES = ['contact', 'lead', 'account', 'deal', 'report', 'file', 'unknown'] as const
export type ObjectType = (typeof OBJECT_TYPES)[number]

export const ACTOR_TYPES = ['user', 'integration', 'system'] as const
export type ActorType = (typeof ACTOR_TYPES)[number]

export const CHANNELS = ['ui', 'mobile', 'api', 'bulk', 'report'] as const
export const RECORD_COUNT_BASES = ['reported', 'ids_counted', 'estimated', 'unknown'] as const
export const OUTCOMES = ['success', 'failure'] as const

/** Limits of one event; an event beyond one of them is refused with a reason. */
export const EVENT_LIMITS = {
  /** Size of one message or line, in bytes. */
  bytes: 1_048_576,
  /** Length of an identifier, in UTF-16 code units. */
  uidLength: 256,
  /** Length of a free text, in UTF-16 code units. */
  textLength: 4_096,
  /** Record ids in one event. */
  objects: 50_000,
  /** Owners, columns or recipients in one event. */
  listItems: 10_000,
} as const

/** The tenant of an event or a staff record that names none. */
export const DEFAULT_ORG = 'default'

const Uid = Type.String({ minLength: 1, maxLength: EVENT_LIMITS.uidLength })
const Text = Type.String({ maxLength: EVENT_LIMITS.textLength })
const Uids = (maxItems: number) => Type.Array(Uid, { maxItems })
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const oneOf = <const T extends readonly string[]>(values: T) => Type.Unsafe<T[number]>(Type.Enum([...values]))

export const ContactAccessEvent = Type.Object(
  {
    event_uid: Type.String({ description: 'Deterministic id: the same event always carries the same one.' }),
    time: Type.Integer({ description: 'When it happened, epoch milliseconds UTC.' }),
    ingested_time: Type.Integer({ description: 'When crmwatch stored it, epoch milliseconds UTC.' }),
    org_uid: Uid,
    source_product: nullable(Text),
    source_event_type: nullable(Text),
    actor_uid: Uid,
    actor_name: nullable(Text),
    actor_type: oneOf(ACTOR_TYPES),
    on_behalf_of_uid: nullable(Uid),
    action: oneOf(ACTIONS),
    object_type: oneOf(OBJECT_TYPES),
    object_uids: Uids(EVENT_LIMITS.objects),
    object_uids_complete: Type.Boolean({ description: 'Whether object_uids lists every record touched.' }),
    record_count: nullable(Type.Integer({ minimum: 0 })),
    record_count_basis: oneOf(RECORD_COUNT_BASES),
    logical_op_uid: nullable(Uid),
    chunk_seq: nullable(Type.Integer()),
    owner_uids: Uids(EVENT_LIMITS.listItems),
    columns: Type.Array(Text, { maxItems: EVENT_LIMITS.listItems }),
    has_contact_fields: nullable(Type.Boolean()),
    channel: nullable(oneOf(CHANNELS)),
    src_ip: nullable(Text),
    user_agent: nullable(Text),
    session_uid: nullable(Text),
    device_uid: nullable(Text),
    client_app: nullable(Text),
    recipient_uids: Uids(EVENT_LIMITS.listItems),
    query_text: nullable(Text),
    export_format: nullable(Text),
    bytes: nullable(Type.Integer({ minimum: 0 })),
    outcome: oneOf(OUTCOMES),
    raw_ref: nullable(Text),
  },
  { $id: 'ContactAccessEvent', additionalProperties: false },
)
export type ContactAccessEvent = Static<typeof ContactAccessEvent>

/** The CloudEvents 1.0 `type` under which an event travels in structured mode. */
export const CLOUD_EVENT_TYPE = 'crm.contact.access.v1'
