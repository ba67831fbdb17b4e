import { DuckDBInstance } from '@duckdb/node-api'

const DENIED = /Permission denied|Read-only file system/
const HELD = /Could not set lock on file/
const HOLDER = /\(PID (\d+)\)/

/** DuckDB on the file, which only one process can have; throws, saying what to do, when another one has it or access is denied. */
export async function openInstance(
  dir: string,
  path: string,
  options: Readonly<Record<string, string>>,
): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, { ...options })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (DENIED.test(error.message))
      throw new Error(
        `The store ${path} cannot be opened: access is denied. The folder ${dir} (data.dir) and what is in it must belong to the user that crmwatch runs as; see to that, or give another folder.`,
        { cause: error },
      )
    if (!HELD.test(error.message)) throw error
    const pid = HOLDER.exec(error.message)?.[1]
    const holder = pid === undefined ? '' : ` (process ${pid})`
    throw new Error(
      `A crmwatch${holder} is using the store in ${dir}. Stop it first, for a store belongs to one process at a time, or use a copy made while it is stopped.`,
      { cause: error },
    )
  }
}
