import type { Database } from '../../store/database.ts'

const EVERY_MS = 250

/**
 * Does work that reads through the whole store, and has what DuckDB frees meanwhile given back to the system again and
 * again. Its allocator would keep that until the end: up to 300 MB beside what the work itself builds up.
 */
export async function whileReleasing<Result>(
  db: Pick<Database, 'releaseMemory'>,
  after: (ms: number, callback: () => void) => () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  let over = false
  let release = Promise.resolve()
  let cancel = after(EVERY_MS, giveBack)

  function giveBack(): void {
    release = db.releaseMemory().then(() => {
      if (!over) cancel = after(EVERY_MS, giveBack)
    })
  }

  try {
    return await work()
  } finally {
    over = true
    cancel()
    await release
  }
}
