import type { DuckDBConnection } from '@duckdb/node-api'

/**
 * Connections, each used by one query at a time: on a connection of DuckDB a short read would wait behind a long one. A
 * query that finds none free waits for its turn.
 */
export interface ConnectionPool {
  /** Throws once the pool is closed. */
  use<Result>(ask: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>
  /** Waits for what was asked so far: a query whose connection is closed under it never ends, or takes the process along. */
  close(): Promise<void>
}

export function createConnectionPool(connections: readonly DuckDBConnection[]): ConnectionPool {
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
    async use(ask) {
      if (closed) throw new Error('The store is closed.')
      const connection = await take()
      try {
        return await ask(connection)
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
