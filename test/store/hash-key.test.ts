import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { openDatabase } from '../../store/database.ts'
import { loadDictionaries } from '../../store/dictionaries.ts'
import { inFolder } from '../support/test-core.ts'

const UIDS = ['c-1', 'c-2', 'Ünal', 'x'.repeat(256)]
const ORIGIN = ['10.1.2.3', null, 's-1', null] as const

async function fill(dir: string): Promise<{ readonly objects: number[]; readonly origin: number }> {
  await using db = await openDatabase({ dir })
  const codes = await loadDictionaries(db)
  codes.actor('acme', 'u-1')
  const objects = UIDS.map((uid) => codes.object('acme', uid))
  const origin = codes.origin(0, ...ORIGIN)
  await codes.flush(db.writer)
  return { objects, origin }
}

test('a store has a key of its own, which stays', async () => {
  await inFolder(async (folder) => {
    const keys: string[] = []
    for (const dir of ['one', 'one', 'other'].map((name) => join(folder, name))) {
      await using db = await openDatabase({ dir })
      keys.push(JSON.stringify(db.hashKey))
    }
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[0])
    await using readOnly = await openDatabase({ dir: join(folder, 'one'), readOnly: true })
    expect(JSON.stringify(readOnly.hashKey)).toBe(keys[0])
  })
})

test('a store that was written without a key knows its records and origins again with one', async () => {
  await inFolder(async (folder) => {
    const dir = join(folder, 'old')
    const { objects, origin } = await fill(dir)
    const instance = await DuckDBInstance.create(join(dir, 'crmwatch.duckdb'))
    const connection = await instance.connect()
    await connection.run('DELETE FROM hash_key')
    await connection.run('UPDATE objects SET hash_lo = code, hash_hi = 7')
    await connection.run('UPDATE origins SET hash_lo = code, hash_hi = 7')
    connection.closeSync()
    instance.closeSync()
    await expect(openDatabase({ dir, readOnly: true })).rejects.toThrow('Start the service once with this one.')
    await using db = await openDatabase({ dir })
    const codes = await loadDictionaries(db)
    expect(UIDS.map((uid) => codes.object('acme', uid))).toEqual(objects)
    expect(codes.origin(0, ...ORIGIN)).toBe(origin)
    expect(codes.object('acme', 'c-3')).toBe(UIDS.length)
    const left = await db.query("SELECT table_name FROM duckdb_tables() WHERE table_name = 'fingerprints'")
    expect(left).toEqual([])
  })
})
