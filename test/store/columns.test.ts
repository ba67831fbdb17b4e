import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendColumns, readColumns } from '../../store/columns.ts'
import { type Database, openDatabase } from '../../store/database.ts'

let db: Database
beforeEach(async () => {
  db = await openDatabase({ dir: ':memory:' })
  await db.writer.run('CREATE TABLE t (i INTEGER, b BIGINT, v VARCHAR, f BOOLEAN, l INTEGER[])')
})
afterEach(() => db[Symbol.asyncDispose]())

/** More rows than one chunk of DuckDB's, with NULLs at odd places. */
const ROWS = 5_000
const integers = Int32Array.from({ length: ROWS }, (_, i) => (i % 7 === 0 ? -1 : i - 2_500))
const bigints = Float64Array.from(
  { length: ROWS },
  (_, i) => [0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 33), 1_767_604_800_000, 2 ** 52][i % 8],
)
const texts = Array.from({ length: ROWS }, (_, i) =>
  i % 5 === 0 ? null : i % 3 === 0 ? '' : `Zoë ${'x'.repeat(i % 40)}`,
)
const flags = Array.from({ length: ROWS }, (_, i) => [true, false, null][i % 3])
const lists = Array.from({ length: ROWS }, (_, i) =>
  i % 4 === 0 ? null : Int32Array.from({ length: i % 6 }, (_, n) => i * n),
)

test('what is appended as columns is read back as columns and as rows', async () => {
  await appendColumns(db.writer, 't', ROWS, [
    { type: 'integer', values: integers, nullValue: -1 },
    { type: 'bigint', values: bigints },
    { type: 'varchar', values: texts },
    { type: 'boolean', values: flags },
    { type: 'integers', values: lists },
  ])
  const read = {
    integers: [] as number[],
    bigints: [] as number[],
    texts: [] as (string | null)[],
    lists: [] as (Int32Array | null)[],
  }
  await db.withConnection(async (connection) => {
    for await (const chunk of readColumns(connection, 'SELECT * FROM t ORDER BY rowid')) {
      read.integers.push(...chunk.integers(0, -1))
      read.bigints.push(...chunk.bigints(1))
      read.texts.push(...chunk.texts(2))
      read.lists.push(...chunk.lists(4))
    }
  })
  expect(read.integers).toEqual([...integers])
  expect(read.bigints).toEqual([...bigints])
  expect(read.texts).toEqual(texts)
  expect(read.lists).toEqual(lists)

  const [row] = await db.query<{ nulls: number; yes: number; sum: number }>(
    'SELECT count(*) FILTER (i IS NULL) AS nulls, count(*) FILTER (f) AS yes, sum(list_sum(l))::DOUBLE AS sum FROM t',
  )
  expect(row).toEqual({
    nulls: integers.filter((value) => value === -1).length,
    yes: flags.filter((flag) => flag === true).length,
    sum: lists.flatMap((list) => [...(list ?? [])]).reduce((a, b) => a + b, 0),
  })
})

test('an append belongs to its transaction', async () => {
  await db.writer.run('BEGIN')
  await appendColumns(db.writer, 't', 1, [
    { type: 'integer', values: Int32Array.of(1) },
    { type: 'bigint', values: Float64Array.of(1) },
    { type: 'varchar', values: ['a'] },
    { type: 'boolean', values: [true] },
    { type: 'integers', values: [null] },
  ])
  await db.writer.run('ROLLBACK')
  expect(await db.query('SELECT * FROM t')).toEqual([])
})
