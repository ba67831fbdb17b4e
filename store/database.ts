import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { createConnectionPool } from './connection-pool.ts'
import { ensureHashKey, readHashKey } from './hash-key.ts'
import { makeFolder } from './make-folder.ts'
import { openInstance } from './open-instance.ts'
import { rowObjects } from './row-objects.ts'
import { storePath } from './store-path.ts'
import type { HashKey } from './text-hash.ts'

export interface DatabaseOptions {
  /** Folder that holds `crmwatch.duckdb`, or `:memory:`. */
  readonly dir: string
  /** DuckDB's own working memory; the windows live outside it. */
  readonly memoryLimit?: string
  /** Changes nothing in the folder; the store must be there, and of this version. */
  readonly readOnly?: boolean
}

export type SqlValue = string | number | bigint | boolean | null

/**
 * The one DuckDB instance of this process. A second instance on the same file would corrupt it, so nothing
 * else creates one; concurrency is many connections. Writers go through `writer`, one transaction at a time.
 */
export interface Database {
  readonly path: string
  readonly writer: DuckDBConnection
  /** The key of the store's fingerprints, which is to leave this process in no way. */
  readonly hashKey: HashKey
  /**
   * Does work on a connection of its own, as everything has to that streams a result: DuckDB ends one, without an error,
   * when its connection is asked something else.
   */
  withConnection<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>
  /** Rows of a read as plain objects, on a connection of its own; BIGINT comes back as number (all of ours stay below 2^53). */
  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<Row[]>
  /**
   * Gives memory that DuckDB has freed back to the system. Its allocator otherwise keeps what one large query took:
   * after a rebuild from 10 million events some 300 MB. Takes about 10 ms, off this thread.
   */
  releaseMemory(): Promise<void>
  /**
   * Holds DuckDB to so much memory from here on, if it does not need more just now. What it has read and written it
   * keeps for as long as the limit allows, so that the limit is what it takes in the end.
   */
  limitMemory(limit: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Fewer than libuv's four threads, so that the writer always finds one. */
const READERS = 3
const MIGRATIONS = join(import.meta.dirname, 'migrations')

/** Opens the store, bringing its schema up to date. Throws when another process holds the file. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const inMemory = options.dir === ':memory:'
  const readOnly = options.readOnly === true
  if (readOnly && !existsSync(storePath(options.dir))) throw new Error(`There is no store in ${options.dir}.`)
  if (!inMemory && !readOnly) makeFolder(options.dir)
  const path = inMemory ? ':memory:' : storePath(options.dir)
  const memoryLimit = options.memoryLimit ?? '384MB'
  const instance = await openInstance(options.dir, path, {
    memory_limit: memoryLimit,
    // Each query runs on the thread of libuv that asks. Had DuckDB threads of its own, one of them would take over what
    // is asked for, commits above all, while the asking one polls for its end: twice the processor time for nothing.
    threads: '1',
    // Rows live in memory, uncompressed, until a checkpoint: 32 MB of log are nearly twice as much there.
    wal_autocheckpoint: '32MB',
    ...(readOnly ? { access_mode: 'READ_ONLY' } : {}),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: inMemory ? '' : join(options.dir, 'tmp'),
  })
  const writer = await instance.connect()
  /** For settings alone. */
  const control = createConnectionPool([await instance.connect()])
  await (readOnly ? checkVersion(writer) : migrate(writer))
  const hashKey = await (readOnly ? readHashKey(writer) : ensureHashKey(instance, writer))
  let limit = memoryLimit
  // Setting the limit, even to what it is, makes DuckDB flush its allocator; there is no statement for that alone.
  // It is refused only while more is in use than the limit allows, and then there is nothing to give back.
  const setLimit = (wanted: string): Promise<boolean> =>
    control
      .use((connection) => connection.run(`SET memory_limit = '${wanted}'`))
      .then(
        () => true,
        () => false,
      )
  const readers = createConnectionPool(await Promise.all(Array.from({ length: READERS }, () => instance.connect())))
  return {
    path,
    writer,
    hashKey,
    async withConnection(work) {
      const connection = await instance.connect()
      try {
        return await work(connection)
      } finally {
        connection.closeSync()
      }
    },
    query: (sql, values) => readers.use((connection) => queryRows(connection, sql, values)),
    async releaseMemory() {
      await setLimit(limit)
    },
    async limitMemory(wanted) {
      if (await setLimit(wanted)) limit = wanted
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([readers.close(), control.close()])
      if (!readOnly) await writer.run('CHECKPOINT')
      writer.closeSync()
      instance.closeSync()
    },
  }
}

/**
 * `query` on a connection of the caller's, for reads inside a write transaction. Statements are not kept prepared: DuckDB
 * plans one by the statistics of the moment, and where a condition without a parameter could not hold then, it finds no
 * rows later either, whatever was written since (measured with 1.5.5).
 */
export async function queryRows<Row extends object>(
  connection: DuckDBConnection,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<Row[]> {
  const rows = rowObjects(await (values.length > 0 ? connection.run(sql, [...values]) : connection.run(sql)))
  for (const row of rows) {
    for (const key in row) if (typeof row[key] === 'bigint') row[key] = Number(row[key])
  }
  return rows as Row[]
}

/** Throws when the schema is not the one that this version knows. */
async function checkVersion(connection: DuckDBConnection): Promise<void> {
  const [row] = await queryRows<{ version: number }>(
    connection,
    'SELECT max(version) AS version FROM schema_migrations',
  )
  const known = Math.max(...readdirSync(MIGRATIONS).map((name) => Number.parseInt(name, 10)))
  if (row.version !== known) {
    throw new Error(
      `The store's schema is at version ${row.version}, this crmwatch knows ${known}. Start the service once with the newer of the two.`,
    )
  }
}

async function migrate(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)',
  )
  const applied = await queryRows<{ version: number }>(connection, 'SELECT version FROM schema_migrations')
  const done = new Set(applied.map((row) => row.version))
  const files = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  const newest = Math.max(0, ...done)
  const known = Math.max(0, ...files.map((name) => Number.parseInt(name, 10)))
  if (newest > known) {
    throw new Error(
      `The store was written by a newer crmwatch: its schema is at version ${newest}, this one knows ${known}. Use that version, or another data.dir.`,
    )
  }
  for (const name of files) {
    const version = Number.parseInt(name, 10)
    if (done.has(version)) continue
    await connection.run('BEGIN')
    await connection.run(readFileSync(join(MIGRATIONS, name), 'utf8'))
    await connection.run('INSERT INTO schema_migrations VALUES (?, ?, now()::TIMESTAMP)', [version, name])
    await connection.run('COMMIT')
    // A checkpoint after DDL keeps the write-ahead log free of it: replaying mixed logs had defects upstream.
    await connection.run('CHECKPOINT')
  }
}
