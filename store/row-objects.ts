import { type DuckDBMaterializedResult, JSDuckDBValueConverter } from '@duckdb/node-api'

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
