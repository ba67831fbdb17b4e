import { type DuckDBConnection, type DuckDBMaterializedResult, JSDuckDBValueConverter } from '@duckdb/node-api'

/**
 * Connections for reads, each used by one read at a time: on a connection of DuckDB a short read would wait behind a
 * long one. A read that finds none free waits for its turn.
 */
export interface ReaderPool {
  /** Throws once the pool is closed. */
  use<Result>(read: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>
  /** Waits for the reads asked for so far: one whose connection is closed under it never ends, or takes the process along. */
  close(): Promise<void>
}

export function createReaderPool(connections: readonly DuckDBConnection[]): ReaderPool {
  const free = [...connections]
  const waiting: ((connection: DuckDBConnection) => void)[] = []
  let closed = false

  const take = (): Promise<DuckDBConnection> | DuckDBConnection =>
    free.pop() ?? new Promise((resolve) => waiting.push(resolve))
  const give = (connection: DuckDBConnection) => {
    const next = waiting.shift()
    if (next === undefined) free.push(connection)
    else next(connection)
  }

  return {
    async use(read) {
      if (closed) throw new Error('The store is closed.')
      const connection = await take()
      try {
        return await read(connection)
      } finally {
        give(connection)
      }
    },
    async close() {
      closed = true
      for (const connection of await Promise.all(connections.map(take))) connection.closeSync()
    },
  }
}

/**
 * All rows of a result that is in memory already, as plain objects. They are taken here and now: asking DuckDB's threads
 * for each chunk would mean a wait behind whatever else this thread has to do.
 */
export function rowObjects(result: DuckDBMaterializedResult): Record<string, unknown>[] {
  const names = result.deduplicatedColumnNames()
  const rows: Record<string, unknown>[] = []
  for (let chunk = 0; chunk < result.chunkCount; chunk++) {
    for (const values of result.getChunk(chunk).convertRows(JSDuckDBValueConverter)) {
      rows.push(Object.fromEntries(names.map((name, column) => [name, values[column]])))
    }
  }
  return rows
}
