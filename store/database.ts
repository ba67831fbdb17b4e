import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

export interface DatabaseOptions {
  /** Folder that holds `crmwatch.duckdb`, or `:memory:`. */
  readonly dir: string
  /** DuckDB's own working memory; the windows live outside it. */
  readonly memoryLimit?: string
  readonly threads?: number
}

export type SqlValue = string | number | bigint | boolean | null

/**
 * The one DuckDB instance of this process. A second instance on the same file would corrupt it, so nothing
 * else creates one; concurrency is many connections. Writers go through `writer`, one transaction at a time.
 */
export interface Database {
  readonly path: string
  readonly writer: DuckDBConnection
  readonly reader: DuckDBConnection
  connect(): Promise<DuckDBConnection>
  /** Rows of a read as plain objects; BIGINT comes back as number (all of ours stay below 2^53). */
  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<Row[]>
  [Symbol.asyncDispose](): Promise<void>
}

const MIGRATIONS = join(import.meta.dirname, 'migrations')

/** Opens the store, bringing its schema up to date. Throws when another process holds the file. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const inMemory = options.dir === ':memory:'
  if (!inMemory && !existsSync(options.dir)) mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const path = inMemory ? ':memory:' : join(options.dir, 'crmwatch.duckdb')
  const instance = await DuckDBInstance.create(path, {
    memory_limit: options.memoryLimit ?? '384MB',
    threads: String(options.threads ?? 2),
    wal_autocheckpoint: '256MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: inMemory ? '' : join(options.dir, 'tmp'),
  })
  const writer = await instance.connect()
  const reader = await instance.connect()
  await migrate(writer)
  return {
    path,
    writer,
    reader,
    connect: () => instance.connect(),
    query: (sql, values) => queryRows(reader, sql, values),
    async [Symbol.asyncDispose]() {
      await writer.run('CHECKPOINT')
      writer.closeSync()
      reader.closeSync()
      instance.closeSync()
    },
  }
}

/** `query` on a connection of the caller's, for reads inside a write transaction. */
export async function queryRows<Row extends object>(
  connection: DuckDBConnection,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<Row[]> {
  const result = await connection.runAndReadAll(sql, [...values])
  const rows = result.getRowObjectsJS() as Record<string, unknown>[]
  for (const row of rows) {
    for (const key in row) if (typeof row[key] === 'bigint') row[key] = Number(row[key])
  }
  return rows as Row[]
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
  if (newest > files.length) {
    throw new Error(
      `The store was written by a newer crmwatch: its schema is at version ${newest}, this one knows ${files.length}. Use that version, or another data.dir.`,
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
