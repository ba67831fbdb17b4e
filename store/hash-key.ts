import { randomBytes } from 'node:crypto'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { appendColumns, type ColumnReader, readColumns } from './columns.ts'
import { rowObjects } from './row-objects.ts'
import { createTextHash, type HashKey, type TextHash } from './text-hash.ts'

/** The store's key, made when there is none; the fingerprints of an older store, which were made without one, are made anew. */
export async function ensureHashKey(instance: DuckDBInstance, writer: DuckDBConnection): Promise<HashKey> {
  const known = await findHashKey(writer)
  if (known !== null) return known
  const bytes = randomBytes(8)
  const key = { lo: bytes.readInt32LE(0), hi: bytes.readInt32LE(4) }
  const hash = createTextHash(key)
  await writer.run('BEGIN')
  for (const table of FINGERPRINTED) await printAnew(instance, writer, hash, table)
  await writer.run('INSERT INTO hash_key VALUES (?, ?)', [key.lo, key.hi])
  await writer.run('COMMIT')
  await writer.run('CHECKPOINT')
  return key
}

/** Throws when there is none. */
export async function readHashKey(connection: DuckDBConnection): Promise<HashKey> {
  const key = await findHashKey(connection)
  if (key === null) throw new Error('The store is of an older version. Start the service once with this one.')
  return key
}

async function findHashKey(connection: DuckDBConnection): Promise<HashKey | null> {
  const [key] = rowObjects(await connection.run('SELECT lo, hi FROM hash_key'))
  return key === undefined ? null : { lo: Number(key.lo), hi: Number(key.hi) }
}

interface Fingerprinted {
  readonly table: string
  /** The texts that the fingerprint is made of, in their order. */
  readonly columns: readonly string[]
}

const FINGERPRINTED: readonly Fingerprinted[] = [
  { table: 'objects', columns: ['org_uid', 'object_uid'] },
  { table: 'origins', columns: ['src_ip', 'user_agent', 'session_uid', 'device_uid'] },
]

/** Inside the writer's transaction; the rows are read on a connection of their own, as they were before it. */
async function printAnew(
  instance: DuckDBInstance,
  writer: DuckDBConnection,
  hash: TextHash,
  { table, columns }: Fingerprinted,
): Promise<void> {
  await writer.run('CREATE TABLE fingerprints (code INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL)')
  const reader = await instance.connect()
  for await (const chunk of readColumns(reader, `SELECT code, ${columns.join(', ')} FROM ${table}`)) {
    const { lo, hi } = printsOf(chunk, hash, columns.length)
    await appendColumns(writer, 'fingerprints', chunk.rows, [
      { type: 'integer', values: Int32Array.from(chunk.integers(0)) },
      { type: 'integer', values: lo },
      { type: 'integer', values: hi },
    ])
  }
  reader.closeSync()
  await writer.run(
    `UPDATE ${table} SET hash_lo = f.lo, hash_hi = f.hi FROM fingerprints f WHERE f.code = ${table}.code`,
  )
  await writer.run('DROP TABLE fingerprints')
}

/** Of the texts in all columns but the first, which is the code. */
function printsOf(
  chunk: ColumnReader,
  hash: TextHash,
  count: number,
): { readonly lo: Int32Array; readonly hi: Int32Array } {
  const texts = Array.from({ length: count }, (_, c) => chunk.texts(c + 1))
  const lo = new Int32Array(chunk.rows)
  const hi = new Int32Array(chunk.rows)
  for (let i = 0; i < chunk.rows; i++) {
    hash.start()
    for (const column of texts) hash.field(column[i])
    hash.end()
    lo[i] = hash.lo
    hi[i] = hash.hi
  }
  return { lo, hi }
}
