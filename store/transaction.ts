import type { DuckDBConnection } from '@duckdb/node-api'

/** What the task writes is stored as a whole when it resolves, and not at all when it rejects. */
export async function inTransaction<T>(
  connection: DuckDBConnection,
  task: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  await connection.run('BEGIN')
  try {
    const result = await task(connection)
    await connection.run('COMMIT')
    return result
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined)
    throw error
  }
}
