import { EVENT_LIMITS } from '../../model/event.ts'
import type { AdapterRejectReason } from '../adapters/adapter.ts'
import type { SourceRecord } from '../adapters/files/piece.ts'
import type { Cutting } from '../adapters/files/read-records.ts'
import { createSourceRowReader, type SourceOutcome, type SourceRowOptions } from '../adapters/read-source-row.ts'
import type { EventDraft } from '../event-draft.ts'
import { findStaff, type Source } from './source.ts'

/** What some records of a source turned out to be. */
export interface NativeRows {
  readonly records: number
  readonly events: readonly EventDraft[]
  /** Rows by the source's own word for their type. */
  readonly ignored: ReadonlyMap<string, number>
  readonly rejected: readonly RejectedRow[]
  /** Rows by the user of the CRM whom the source's user map does not know. */
  readonly unmapped: ReadonlyMap<string, number>
}

export interface RejectedRow {
  /** Place among the records of its file, body or message, from 1. */
  readonly line: number
  /** Offset of its message; null outside streams. */
  readonly offset: string | null
  readonly reason: AdapterRejectReason
  readonly detail: string
  readonly bytes: number
  /** The record as a document of its own, to be read again; null when bodies are not kept or it is too large. */
  readonly body: string | null
}

export interface NativeRowsOptions extends SourceRowOptions {
  readonly keepBodies: boolean
}

/** Where records stand, for what is refused of them. */
export interface RecordPlace {
  readonly cutting: Cutting
  /** Records that came before the first one given. */
  readonly before?: number
  readonly offset?: string
}

/** Gathers what records turn out to be, until they are handed on. */
export interface RowCollector {
  add(records: readonly SourceRecord[], place: RecordPlace): void
  /** Something that is no record at all, such as an empty message. */
  refuse(rejected: Omit<RejectedRow, 'body'>): void
  take(): NativeRows
}

/** Rows that are not wanted are told apart from those the adapter knows to be no access. */
const NOT_TAKEN = 'not among actions: '

export function createRowCollector(source: Source, options: NativeRowsOptions): RowCollector {
  const read = createSourceRowReader(source.bound, options)
  const fresh = () => ({
    records: 0,
    events: [] as EventDraft[],
    ignored: new Map<string, number>(),
    rejected: [] as RejectedRow[],
    unmapped: new Map<string, number>(),
  })
  let rows = fresh()

  const takeOutcome = (outcome: SourceOutcome, record: SourceRecord, { before = 0, offset, cutting }: RecordPlace) => {
    if (outcome.kind === 'ignored') {
      count(rows.ignored, outcome.type)
    } else if (outcome.kind === 'rejected') {
      const { reason, detail } = outcome
      const body = options.keepBodies ? bodyOf(record.raw, cutting) : null
      const line = before + record.position
      rows.rejected.push({ line, offset: offset ?? null, reason, detail, bytes: record.raw.length, body })
    } else {
      for (const event of outcome.events) {
        if (source.actions !== null && !source.actions.has(event.action)) {
          count(rows.ignored, NOT_TAKEN + event.action)
          continue
        }
        nameStaff(event, source, rows.unmapped)
        rows.events.push(event)
      }
    }
  }

  return {
    add(records, place) {
      rows.records += records.length
      for (const record of records) takeOutcome(read(record), record, place)
    },
    refuse(rejected) {
      rows.records++
      rows.rejected.push({ ...rejected, body: null })
    },
    take() {
      const taken = rows
      rows = fresh()
      return taken
    },
  }
}

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** Calls the people of an event as the staff feed does; those who are unknown keep the CRM's id. */
function nameStaff(event: EventDraft, { users }: Source, unmapped: Map<string, number>): void {
  if (users.fromApi === null && users.fromFile === null) return
  const staffOf = (uid: string, isActor: boolean): string => {
    const staff = findStaff(users, uid)
    if (staff === null && isActor) count(unmapped, uid)
    return staff ?? uid
  }
  event.actor_uid = staffOf(event.actor_uid, event.actor_type === 'user')
  if (event.on_behalf_of_uid !== null) event.on_behalf_of_uid = staffOf(event.on_behalf_of_uid, true)
  event.owner_uids = event.owner_uids.map((uid) => staffOf(uid, false))
  event.recipient_uids = event.recipient_uids.map((uid) => staffOf(uid, false))
}

const NEWLINE = Buffer.from('\n')

/** A row of a CSV can only be read below its header. */
function bodyOf(raw: Buffer, cutting: Cutting): string | null {
  const body = cutting.format === 'csv' ? Buffer.concat([cutting.header, NEWLINE, raw]) : raw
  return body.length === 0 || body.length > EVENT_LIMITS.bytes ? null : body.toString()
}
