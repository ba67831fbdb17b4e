import { existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from './database.ts'
import { openInstance } from './open-instance.ts'
import { storePath } from './store-path.ts'

/** Deletes what is older than `before` (epoch ms): events, dead letters, and the day peaks of days before `day`. Returns the events deleted. */
export async function deleteOlder(db: Database, before: number, day: number): Promise<number> {
  try {
    return await db.withConnection(async (connection) => {
      const events = await connection.run('DELETE FROM event_log WHERE time < ?', [before])
      await connection.run('DELETE FROM day_peaks WHERE day < ?', [day])
      await connection.run('DELETE FROM dead_letters WHERE received_at < ?', [before])
      return events.rowsChanged
    })
  } finally {
    await db.releaseMemory()
  }
}

/** Bytes of the store's files. */
export function storeBytes(db: Database): number {
  if (db.path === ':memory:') return 0
  return [db.path, `${db.path}.wal`].reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size : 0), 0)
}

/** The volume of the store's files, and what of it an ordinary user may still fill; null for a store in memory. */
export function volumeSpace(db: Database): { readonly sizeBytes: number; readonly freeBytes: number } | null {
  if (db.path === ':memory:') return null
  const { bsize, blocks, bavail } = statfsSync(db.path)
  return { sizeBytes: bsize * blocks, freeBytes: bsize * bavail }
}

/** Deletes the store of a folder, if there is one; throws, having deleted nothing, while another process has it. */
export async function removeStore(dir: string): Promise<void> {
  const path = storePath(dir)
  if (!existsSync(path)) return
  const instance = await openInstance(dir, path, {})
  instance.closeSync()
  for (const own of [path, `${path}.wal`, join(dir, 'tmp')]) rmSync(own, { recursive: true, force: true })
}

/** A file below this is not worth a rewrite. */
const LEAST_BYTES = 64 * 1024 * 1024

/**
 * Rewrites the store's file when more than half of it is free: DuckDB uses freed space again but never gives it back.
 * Only while nothing has the store open. A crash leaves either the old file or the new one.
 */
export async function compact(dir: string): Promise<{ readonly before: number; readonly after: number } | null> {
  const path = storePath(dir)
  const fresh = `${path}.compact`
  // Whether the folder can be used at all, opening the store finds out.
  if (existsSync(fresh)) rmSync(fresh)
  if (!existsSync(path) || statSync(path).size < LEAST_BYTES) return null
  const before = statSync(path).size
  const instance = await openInstance(dir, path, {})
  const connection = await instance.connect()
  try {
    await connection.run('CHECKPOINT')
    const [[free, total]] = (
      await connection.runAndReadAll('SELECT free_blocks::DOUBLE, total_blocks::DOUBLE FROM pragma_database_size()')
    ).getRows()
    if (Number(free) * 2 <= Number(total)) return null
    await connection.run(`ATTACH '${fresh.replaceAll("'", "''")}' AS fresh`)
    await connection.run('COPY FROM DATABASE crmwatch TO fresh')
    await connection.run('DETACH fresh')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
  renameSync(fresh, path)
  return { before, after: statSync(path).size }
}
