import type { DuckDBConnection } from '@duckdb/node-api'
import { createEventBatch, type EventBatch, NONE } from '../model/event-batch.ts'
import { appendColumns, readColumns } from './columns.ts'

/** Appends a batch to the event log. Runs inside the connection's transaction. */
export async function appendEvents(
  connection: DuckDBConnection,
  batch: EventBatch,
  ingestedTime: number,
): Promise<void> {
  const rows = batch.length
  const seq = new Float64Array(rows)
  for (let i = 0; i < rows; i++) seq[i] = batch.seqBase + i
  await appendColumns(connection, 'event_log', rows, [
    { type: 'bigint', values: seq },
    { type: 'bigint', values: batch.time },
    { type: 'bigint', values: new Float64Array(rows).fill(ingestedTime) },
    { type: 'integer', values: batch.actor },
    { type: 'integer', values: batch.kind },
    { type: 'integer', values: batch.origin },
    { type: 'integer', values: batch.object, nullValue: NONE },
    { type: 'integer', values: batch.owner, nullValue: NONE },
    { type: 'integer', values: batch.recordCount, nullValue: NONE },
    { type: 'texts', values: batch.eventUid },
    { type: 'integers', values: batch.objects },
    { type: 'varchar', values: batch.extra },
  ])
}

export interface EventSelection {
  /** SQL over `event_log e`, without WHERE; `TRUE` for all. Never built from input. */
  readonly where: string
  readonly orderBy: string
  /** SQL that joins further tables to `event_log e`. */
  readonly join?: string
  /** With event_uid and `extra`, which rules of the operator's own may ask for. */
  readonly whole?: boolean
}

/**
 * Reads stored events back as batches, as far as the engine needs them: unless asked for `whole`, no event_uid, and of
 * `extra` only the logical operation. A batch is valid until the next one is asked for.
 */
export async function* readEvents(connection: DuckDBConnection, selection: EventSelection): AsyncGenerator<EventBatch> {
  const sql = `SELECT e.seq, e.time, e.actor, e.kind, e.origin, e.object, e.owner, e.record_count, e.objects, e.extra->>'logical_op_uid'${
    selection.whole === true ? ', e.event_uid, e.extra' : ''
  }
    FROM event_log e ${selection.join ?? ''} WHERE ${selection.where} ORDER BY ${selection.orderBy}`
  for await (const chunk of readColumns(connection, sql)) {
    const batch = createEventBatch(selection.whole === true ? chunk.rows : 0)
    if (selection.whole === true) for (const [i, uid] of chunk.texts(10).entries()) batch.eventUid.set(i, uid ?? '')
    const lists = chunk.lists(8)
    yield {
      ...batch,
      length: chunk.rows,
      capacity: chunk.rows,
      seqBase: chunk.bigints(0)[0],
      time: chunk.bigints(1),
      actor: chunk.integers(2),
      kind: chunk.integers(3),
      origin: chunk.integers(4),
      object: chunk.integers(5, NONE),
      owner: chunk.integers(6, NONE),
      recordCount: chunk.integers(7, NONE),
      objects: lists,
      logicalOp: chunk.texts(9),
      extra: selection.whole === true ? chunk.texts(11) : batch.extra,
    }
  }
}

export async function nextSeq(connection: DuckDBConnection): Promise<number> {
  const result = await connection.runAndReadAll('SELECT coalesce(max(seq) + 1, 0)::DOUBLE FROM event_log')
  return Number(result.getRows()[0][0])
}
