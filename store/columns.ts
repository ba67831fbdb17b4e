import {
  BIGINT,
  BOOLEAN,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  DuckDBVarCharVector,
  INTEGER,
  LIST,
  VARCHAR,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { TextColumn } from '../model/text-column.ts'
import { fillTexts } from './text-vector.ts'

/** A column to append. Integers: `nullValue` marks NULL. */
export type ColumnSource =
  | { readonly type: 'integer'; readonly values: Int32Array; readonly nullValue?: number }
  /** Whole numbers below 2^53. */
  | { readonly type: 'bigint'; readonly values: Float64Array }
  | { readonly type: 'varchar'; readonly values: readonly (string | null)[] }
  | { readonly type: 'texts'; readonly values: TextColumn }
  | { readonly type: 'boolean'; readonly values: readonly (boolean | null)[] }
  | { readonly type: 'integers'; readonly values: readonly (Int32Array | null)[] }

const TYPES: Readonly<Record<ColumnSource['type'], DuckDBType>> = {
  integer: INTEGER,
  bigint: BIGINT,
  varchar: VARCHAR,
  texts: VARCHAR,
  boolean: BOOLEAN,
  integers: LIST(INTEGER),
}

const ROWS_PER_CHUNK = 2048

/**
 * Appends rows given as columns: typed arrays are copied into DuckDB's vectors as they are, texts one call each. Ten
 * times the rate of appending value by value. Runs inside the connection's transaction, on the calling thread.
 */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  rows: number,
  columns: readonly ColumnSource[],
): Promise<void> {
  if (rows === 0) return
  const appender = await connection.createAppender(table)
  const types = columns.map((column) => TYPES[column.type])
  for (let from = 0; from < rows; from += ROWS_PER_CHUNK) {
    const count = Math.min(ROWS_PER_CHUNK, rows - from)
    const chunk = DuckDBDataChunk.create(types, count)
    columns.forEach((column, c) => {
      fill(duckdb.data_chunk_get_vector(chunk.chunk, c), column, from, count)
    })
    appender.appendDataChunk(chunk)
  }
  appender.flushSync()
  appender.closeSync()
}

function fill(vector: duckdb.Vector, column: ColumnSource, from: number, count: number): void {
  switch (column.type) {
    case 'integer': {
      const { values, nullValue } = column
      duckdb.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset + from * 4, count * 4)
      if (nullValue !== undefined) markNulls(vector, count, (i) => values[from + i] === nullValue)
      return
    }
    case 'bigint': {
      const words = new Int32Array(count * 2)
      for (let i = 0; i < count; i++) {
        const value = column.values[from + i]
        words[2 * i] = value | 0
        if (value > 0x7fffffff || value < 0) {
          words[2 * i] = (value % 0x1_0000_0000) | 0
          words[2 * i + 1] = Math.floor(value / 0x1_0000_0000)
        }
      }
      duckdb.copy_data_to_vector(vector, 0, words.buffer, 0, count * 8)
      return
    }
    case 'varchar': {
      for (let i = 0; i < count; i++) {
        const value = column.values[from + i]
        if (value !== null) duckdb.vector_assign_string_element(vector, i, value)
      }
      markNulls(vector, count, (i) => column.values[from + i] === null)
      return
    }
    case 'texts':
      fillTexts(vector, column.values, from, count)
      return
    case 'boolean': {
      const bytes = new Uint8Array(count)
      for (let i = 0; i < count; i++) bytes[i] = column.values[from + i] === true ? 1 : 0
      duckdb.copy_data_to_vector(vector, 0, bytes.buffer, 0, count)
      markNulls(vector, count, (i) => column.values[from + i] === null)
      return
    }
    case 'integers':
      fillLists(vector, column.values, from, count)
  }
}

function fillLists(vector: duckdb.Vector, lists: readonly (Int32Array | null)[], from: number, count: number): void {
  let total = 0
  for (let i = 0; i < count; i++) total += lists[from + i]?.length ?? 0
  if (total > 0) {
    const entries = new Int32Array(count * 4)
    const items = new Int32Array(total)
    let at = 0
    for (let i = 0; i < count; i++) {
      const list = lists[from + i]
      if (list === null) continue
      items.set(list, at)
      entries[4 * i] = at
      entries[4 * i + 2] = list.length
      at += list.length
    }
    duckdb.list_vector_reserve(vector, total)
    duckdb.list_vector_set_size(vector, total)
    duckdb.copy_data_to_vector(duckdb.list_vector_get_child(vector), 0, items.buffer, 0, total * 4)
    duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, count * 16)
  }
  markNulls(vector, count, (i) => lists[from + i] === null)
}

function markNulls(vector: duckdb.Vector, count: number, isNull: (i: number) => boolean): void {
  let words: Uint32Array<ArrayBuffer> | null = null
  for (let i = 0; i < count; i++) {
    if (!isNull(i)) continue
    words ??= new Uint32Array(ROWS_PER_CHUNK / 32).fill(0xffffffff)
    words[i >>> 5] &= ~(1 << (i & 31))
  }
  if (words === null) return
  duckdb.vector_ensure_validity_writable(vector)
  duckdb.copy_data_to_vector_validity(vector, 0, words.buffer, 0, words.byteLength)
}

/** One chunk of a result, column by column. Valid until the next chunk is asked for. */
export interface ColumnReader {
  readonly rows: number
  /** INTEGER column; NULL reads as `nullValue`. */
  integers(column: number, nullValue?: number): Int32Array
  /** BIGINT column without NULLs, values below 2^53. */
  bigints(column: number): Float64Array
  texts(column: number): (string | null)[]
  /** INTEGER[] column. */
  lists(column: number): (Int32Array | null)[]
}

/** Streams a query's result in chunks of columns. */
export async function* readColumns(connection: DuckDBConnection, sql: string): AsyncGenerator<ColumnReader> {
  const result = await connection.stream(sql)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    yield readerOf(chunk)
  }
}

function readerOf(chunk: DuckDBDataChunk): ColumnReader {
  const rows = chunk.rowCount
  const raw = (column: number) => duckdb.data_chunk_get_vector(chunk.chunk, column)
  const integersOf = (vector: duckdb.Vector, count: number): Int32Array => {
    const data = duckdb.vector_get_data(vector, count * 4)
    return new Int32Array(data.buffer, data.byteOffset, count)
  }
  const validity = (vector: duckdb.Vector): ((i: number) => boolean) => {
    const bytes = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8)
    return bytes === null ? () => true : (i) => (bytes[i >>> 3] & (1 << (i & 7))) !== 0
  }
  return {
    rows,
    integers(column, nullValue) {
      const vector = raw(column)
      const values = integersOf(vector, rows)
      if (nullValue === undefined) return values
      const valid = validity(vector)
      return values.map((value, i) => (valid(i) ? value : nullValue))
    },
    bigints(column) {
      const words = integersOf(raw(column), rows * 2)
      return Float64Array.from({ length: rows }, (_, i) => words[2 * i + 1] * 0x1_0000_0000 + (words[2 * i] >>> 0))
    },
    texts(column) {
      const vector = chunk.getColumnVector(column)
      if (!(vector instanceof DuckDBVarCharVector)) throw new Error(`column ${column} is not VARCHAR`)
      return Array.from({ length: rows }, (_, i) => vector.getItem(i))
    },
    lists(column) {
      const vector = raw(column)
      const entries = integersOf(vector, rows * 4)
      const valid = validity(vector)
      const child = duckdb.list_vector_get_child(vector)
      // One copy that all lists are views of: a buffer of its own costs each of them more than its few numbers.
      const items = integersOf(child, duckdb.list_vector_get_size(vector)).slice()
      return Array.from({ length: rows }, (_, i) =>
        valid(i) ? items.subarray(entries[4 * i], entries[4 * i] + entries[4 * i + 2]) : null,
      )
    },
  }
}
