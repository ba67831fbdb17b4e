import type { ContactAccessEvent } from './event.ts'
import { createTextColumn, type TextColumn } from './text-column.ts'

/** The columns of an event that take few values together, kept once per combination and named by a code. */
export type Kind = Pick<
  ContactAccessEvent,
  | 'source_product'
  | 'source_event_type'
  | 'actor_type'
  | 'action'
  | 'object_type'
  | 'object_uids_complete'
  | 'record_count_basis'
  | 'has_contact_fields'
  | 'channel'
  | 'client_app'
  | 'export_format'
  | 'outcome'
> & {
  /** The configured source the event came by, such as `kafka` or `http`. */
  readonly source: string
  /** Left out of all counts, as an analyst wanted it when the event came. */
  readonly excluded: boolean
}

/** Stands for "none" or "unknown" in an integer column. */
export const NONE = -1

/**
 * Events as columns: what the store appends, what the engine folds and what a rebuild reads back. Identifiers are
 * dictionary codes. Arrays are valid up to `length`; a batch is reused, so nobody keeps one.
 */
export interface EventBatch {
  length: number
  /** `seq` of row 0; row i has seqBase + i. */
  seqBase: number
  readonly capacity: number
  /** Epoch milliseconds. */
  readonly time: Float64Array
  readonly actor: Int32Array
  readonly kind: Int32Array
  readonly origin: Int32Array
  /** The only or first record touched, or NONE. */
  readonly object: Int32Array
  /** The owner's actor code, or NONE. */
  readonly owner: Int32Array
  /** NONE when unknown. */
  readonly recordCount: Int32Array
  readonly eventUid: TextColumn
  /** All records, when there is more than one. */
  readonly objects: (Int32Array | null)[]
  readonly logicalOp: (string | null)[]
  /** The rarely used fields as JSON text, or null. */
  readonly extra: (string | null)[]
}

export function createEventBatch(capacity: number): EventBatch {
  return {
    length: 0,
    seqBase: 0,
    capacity,
    time: new Float64Array(capacity),
    actor: new Int32Array(capacity),
    kind: new Int32Array(capacity),
    origin: new Int32Array(capacity),
    object: new Int32Array(capacity),
    owner: new Int32Array(capacity),
    recordCount: new Int32Array(capacity),
    eventUid: createTextColumn(capacity),
    objects: new Array<Int32Array | null>(capacity).fill(null),
    logicalOp: new Array<string | null>(capacity).fill(null),
    extra: new Array<string | null>(capacity).fill(null),
  }
}

/** The record codes of row `i`, in the order given. */
export function* objectsOf(batch: EventBatch, i: number): Generator<number> {
  const many = batch.objects[i]
  if (many !== null) yield* many
  else if (batch.object[i] !== NONE) yield batch.object[i]
}
