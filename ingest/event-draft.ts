import type { ContactAccessEvent } from '../model/event.ts'

/** An event as an adapter understood it, before it has a place in the store. */
export type EventDraft = {
  -readonly [Field in keyof Omit<ContactAccessEvent, 'ingested_time' | 'event_uid'>]: ContactAccessEvent[Field]
} & {
  /** Null when the source gives none: it is then made from the content. */
  event_uid: string | null
}

export function createEventDraft(): EventDraft {
  return {
    event_uid: null,
    time: 0,
    org_uid: '',
    source_product: null,
    source_event_type: null,
    actor_uid: '',
    actor_name: null,
    actor_type: 'user',
    on_behalf_of_uid: null,
    action: 'view',
    object_type: 'unknown',
    object_uids: [],
    object_uids_complete: true,
    record_count: null,
    record_count_basis: 'unknown',
    logical_op_uid: null,
    chunk_seq: null,
    owner_uids: [],
    columns: [],
    has_contact_fields: null,
    channel: null,
    src_ip: null,
    user_agent: null,
    session_uid: null,
    device_uid: null,
    client_app: null,
    recipient_uids: [],
    query_text: null,
    export_format: null,
    bytes: null,
    outcome: 'success',
    raw_ref: null,
  }
}
