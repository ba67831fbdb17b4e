import { hash } from 'node:crypto'
import { clipText } from '../../model/clip-text.ts'
import { EVENT_LIMITS } from '../../model/event.ts'
import { createEventDraft, type EventDraft } from '../event-draft.ts'
import type { AdapterEvent, AdapterRejectReason, BoundAdapter, NativeRow } from './adapter.ts'
import { readCanonical } from './canonical.ts'
import type { SourceRecord } from './files/piece.ts'
import { insideEnvelope } from './inside-envelope.ts'

/** What a record of a source turned out to be, ready for the pipeline. */
export type SourceOutcome =
  | { readonly kind: 'events'; readonly events: readonly EventDraft[] }
  | { readonly kind: 'ignored'; readonly type: string }
  | { readonly kind: 'rejected'; readonly reason: AdapterRejectReason; readonly detail: string }

export interface SourceRowOptions {
  readonly defaultOrg: string
  /** Newest event time accepted, epoch ms. */
  readonly latestTime: number
}

const HEADER = {
  kind: 'rejected',
  reason: 'header_row',
  detail: 'the values are the names of the columns: the header came as a row',
} as const
const FAILED = { kind: 'rejected', reason: 'invalid_event', detail: 'the adapter could not read the row' } as const

/**
 * Reads a source's records: asks the adapter, gives each event its uid and reference from the record's bytes, keeps it
 * within the limits of canonical events and lets the canonical reader check it, so that native rows and canonical
 * events are held to the same rules.
 */
export function createSourceRowReader(bound: BoundAdapter, options: SourceRowOptions) {
  const { adapter, source } = bound
  const readRow = insideEnvelope(bound.readRow, adapter.keyOf)
  const canonical = { defaultOrg: options.defaultOrg, latestTime: options.latestTime }

  const outcomeOf = (row: NativeRow) => {
    try {
      return readRow(row)
    } catch {
      // A fault in an adapter costs the row, not the stream behind it.
      return FAILED
    }
  }

  return (record: SourceRecord): SourceOutcome => {
    if (record.row === null) return { kind: 'rejected', reason: record.reason, detail: record.detail }
    if (isHeader(record.row)) return HEADER
    const outcome = outcomeOf(record.row)
    if (outcome.kind !== 'events') return outcome
    const ref = rawRefOf(record.raw)
    const events: EventDraft[] = []
    for (const event of outcome.events) {
      const draft = createEventDraft()
      const suffix = outcome.events.length === 1 ? '' : `-${events.length + 1}`
      const reject = readCanonical(
        {
          ...withinLimits(event),
          event_uid: event.event_uid ?? `${adapter.name}-${ref.slice(7, 39)}${suffix}`,
          org_uid: source.org ?? event.org_uid,
          source_product: event.source_product ?? adapter.product,
          raw_ref: ref,
        },
        draft,
        canonical,
      )
      if (reject !== null) return { kind: 'rejected', reason: reject.reason, detail: reject.detail }
      events.push(draft)
    }
    return { kind: 'events', events }
  }
}

/** Points to a record without holding it: the hash of its bytes. */
export const rawRefOf = (raw: Buffer): string => `sha256:${hash('sha256', raw, 'hex')}`

/** Texts clipped and lists cut to what an event may hold: a long user agent is no reason to lose an event. */
function withinLimits(event: AdapterEvent): AdapterEvent {
  const ids = event.object_uids
  const cut = ids !== undefined && ids.length > EVENT_LIMITS.objects
  return {
    ...event,
    ...(cut ? { object_uids: ids.slice(0, EVENT_LIMITS.objects), object_uids_complete: false } : {}),
    actor_name: clip(event.actor_name),
    source_event_type: clip(event.source_event_type),
    user_agent: clip(event.user_agent),
    session_uid: clip(event.session_uid),
    device_uid: clip(event.device_uid),
    client_app: clip(event.client_app),
    query_text: clip(event.query_text),
    export_format: clip(event.export_format),
    owner_uids: event.owner_uids?.slice(0, EVENT_LIMITS.listItems),
    recipient_uids: event.recipient_uids?.slice(0, EVENT_LIMITS.listItems),
    columns: event.columns?.slice(0, EVENT_LIMITS.listItems).map((column) => clipText(column, EVENT_LIMITS.textLength)),
  }
}

const clip = (text: string | null | undefined): string | null | undefined =>
  text == null ? text : clipText(text, EVENT_LIMITS.textLength)

/** Whether the row's values are its own column names: collectors send a file's header as an event. */
function isHeader(row: NativeRow): boolean {
  let same = 0
  let filled = 0
  for (const key in row) {
    const value = row[key]
    if (value === '' || value === null) continue
    filled++
    if (typeof value === 'string' && value.length === key.length && value.toLowerCase() === key.toLowerCase()) same++
    else if (filled - same > 12 && same === 0) return false
  }
  return same >= 2 && same * 2 >= filled
}
