import { type EventBatch, type Kind, NONE } from '../model/event-batch.ts'
import { toJsonText } from '../model/json-text.ts'
import type { Dictionaries } from '../store/dictionaries.ts'
import { contentUid } from './content-uid.ts'
import { createEventDraft, type EventDraft } from './event-draft.ts'

/** The event's own id, or one made from all its content: the same event always gets the same. */
export function eventUidOf(draft: EventDraft): string {
  if (draft.event_uid !== null) return draft.event_uid
  return contentUid('c', draft)
}

export interface Encoder {
  /** Writes `draft` as row `length` of the batch; the caller counts `length` up when the row stays. */
  encode(draft: EventDraft, eventUid: string, source: string, batch: EventBatch, excluded?: boolean): void
}

export function createEncoder(codes: Dictionaries): Encoder {
  // One object for all look-ups; the dictionary copies it when it is new.
  const kind: { -readonly [Field in keyof Kind]: Kind[Field] } = {
    source: '',
    excluded: false,
    ...kindFields(createEventDraft()),
  }
  /** An owner for whom there is no room is not known. */
  const ownerCode = (org: string, uid: string): number =>
    codes.roomForActors(org) > 0 ? codes.actor(org, uid) : codes.findActor(org, uid)
  return {
    encode(draft, eventUid, source, batch, excluded = false) {
      const i = batch.length
      const { object_uids, owner_uids } = draft
      kind.source = source
      kind.excluded = excluded
      setKindFields(kind, draft)
      batch.time[i] = draft.time
      batch.actor[i] = codes.actor(draft.org_uid, draft.actor_uid)
      batch.kind[i] = codes.kind(kind)
      batch.origin[i] = codes.origin(
        batch.actor[i],
        draft.src_ip,
        draft.user_agent,
        draft.session_uid,
        draft.device_uid,
      )
      batch.object[i] = object_uids.length === 0 ? NONE : codes.object(draft.org_uid, object_uids[0])
      batch.objects[i] =
        object_uids.length < 2 ? null : Int32Array.from(object_uids, (uid) => codes.object(draft.org_uid, uid))
      batch.owner[i] = owner_uids.length === 1 ? ownerCode(draft.org_uid, owner_uids[0]) : NONE
      batch.recordCount[i] = draft.record_count ?? NONE
      batch.eventUid.set(i, eventUid)
      batch.logicalOp[i] = draft.logical_op_uid
      batch.extra[i] = extraOf(draft)
    },
  }
}

type KindFields = Omit<{ -readonly [Field in keyof Kind]: Kind[Field] }, 'source' | 'excluded'>

function kindFields(draft: EventDraft): KindFields {
  const { source_product, source_event_type, actor_type, action, object_type, object_uids_complete } = draft
  const { record_count_basis, has_contact_fields, channel, client_app, export_format, outcome } = draft
  return {
    source_product,
    source_event_type,
    actor_type,
    action,
    object_type,
    object_uids_complete,
    record_count_basis,
    has_contact_fields,
    channel,
    client_app,
    export_format,
    outcome,
  }
}

/** As kindFields, without a new object per event. */
function setKindFields(kind: KindFields, draft: EventDraft): void {
  kind.source_product = draft.source_product
  kind.source_event_type = draft.source_event_type
  kind.actor_type = draft.actor_type
  kind.action = draft.action
  kind.object_type = draft.object_type
  kind.object_uids_complete = draft.object_uids_complete
  kind.record_count_basis = draft.record_count_basis
  kind.has_contact_fields = draft.has_contact_fields
  kind.channel = draft.channel
  kind.client_app = draft.client_app
  kind.export_format = draft.export_format
  kind.outcome = draft.outcome
}

/** The fields without a column of their own. Of owners, one has its column. */
export type RareFields = Pick<
  EventDraft,
  | 'logical_op_uid'
  | 'chunk_seq'
  | 'columns'
  | 'owner_uids'
  | 'recipient_uids'
  | 'actor_name'
  | 'on_behalf_of_uid'
  | 'query_text'
  | 'bytes'
  | 'raw_ref'
>

/** The rarely used fields as JSON text; null when none is set. */
export function extraOf(draft: RareFields): string | null {
  if (
    draft.logical_op_uid === null &&
    draft.columns.length === 0 &&
    draft.owner_uids.length < 2 &&
    draft.recipient_uids.length === 0 &&
    draft.actor_name === null &&
    draft.on_behalf_of_uid === null &&
    draft.chunk_seq === null &&
    draft.query_text === null &&
    draft.bytes === null &&
    draft.raw_ref === null
  ) {
    return null
  }
  return toJsonText({
    logical_op_uid: draft.logical_op_uid ?? undefined,
    chunk_seq: draft.chunk_seq ?? undefined,
    columns: draft.columns.length === 0 ? undefined : draft.columns,
    owner_uids: draft.owner_uids.length < 2 ? undefined : draft.owner_uids,
    recipient_uids: draft.recipient_uids.length === 0 ? undefined : draft.recipient_uids,
    actor_name: draft.actor_name ?? undefined,
    on_behalf_of_uid: draft.on_behalf_of_uid ?? undefined,
    query_text: draft.query_text ?? undefined,
    bytes: draft.bytes ?? undefined,
    raw_ref: draft.raw_ref ?? undefined,
  })
}
