import { expect, test } from 'vitest'
import { openDatabase } from '../../store/database.ts'
import { listFiles } from '../architecture/source-files.ts'

test('reads on every connection see a commit as soon as it is done, more of them at once than there are connections', async () => {
  await using db = await openDatabase({ dir: ':memory:' })
  await db.writer.run('CREATE TABLE t (n INTEGER)')
  for (let n = 1; n <= 20; n++) {
    await db.writer.run('INSERT INTO t VALUES (?)', [n])
    const reads = Array.from({ length: 10 }, () => db.query<{ n: number }>('SELECT max(n) AS n FROM t'))
    expect((await Promise.all(reads)).map(([row]) => row.n)).toEqual(Array(10).fill(n))
  }
})

test('a read that fails does not keep its connection', async () => {
  await using db = await openDatabase({ dir: ':memory:' })
  const failing = Array.from({ length: 10 }, () => db.query('SELECT * FROM there_is_none'))
  const outcomes = await Promise.allSettled(failing)
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('releasing memory leaves the limit as it was set', async () => {
  await using db = await openDatabase({ dir: ':memory:', memoryLimit: '123MiB' })
  const limit = () => db.query("SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'")
  const before = await limit()
  await db.releaseMemory()
  expect(await limit()).toEqual(before)
})

test('DuckDB has no threads of its own, for whose work the asking one would poll', async () => {
  await using db = await openDatabase({ dir: ':memory:' })
  expect(await db.query("SELECT current_setting('threads') AS threads")).toEqual([{ threads: 1 }])
})

test('a lower limit holds from then on', async () => {
  await using db = await openDatabase({ dir: ':memory:', memoryLimit: '256MiB' })
  await db.limitMemory('128MiB')
  await db.releaseMemory()
  expect(await db.query("SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'")).toEqual([
    { value: '128.0 MiB' },
  ])
})

test('no two migrations have one number: a store that has run the one would never run the other', () => {
  const numbers = listFiles('store/migrations').map((path) => Number.parseInt(path.replace(/^.*\//, ''), 10))
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
  expect(numbers.every((number) => number > 0)).toBe(true)
})

test('is closed once the reads that were asked for are answered, and refuses others', async () => {
  const db = await openDatabase({ dir: ':memory:' })
  const read = () => db.query<{ n: number }>('SELECT count(*) AS n FROM range(3_000_000) t(i) WHERE i % 7 = 3')
  const asked = Array.from({ length: 5 }, read)
  const closing = db[Symbol.asyncDispose]()
  await expect(read()).rejects.toThrow('The store is closed.')
  expect((await Promise.all(asked)).flat()).toEqual(Array(5).fill({ n: 428_571 }))
  await closing
})

test('is closed once all the memory that it was to give back is released', async () => {
  const db = await openDatabase({ dir: ':memory:' })
  await db.writer.run('CREATE TABLE t AS SELECT i FROM range(3_000_000) s(i)')
  await db.writer.run('DROP TABLE t')
  const released = Array.from({ length: 10 }, () => db.releaseMemory())
  await db[Symbol.asyncDispose]()
  await Promise.all(released)
})
