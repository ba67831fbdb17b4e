import { afterEach, beforeEach, expect, test } from 'vitest'
import { InvalidCursor } from '../../store/cursor.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { countSourceLetters, keptLetters, listSourceLetters } from '../../store/dead-letters.ts'

let db: Database
beforeEach(async () => {
  db = await openDatabase({ dir: ':memory:' })
  await db.writer.run(`INSERT INTO dead_letters SELECT 'l' || i, 100 + i // 2, 'kafka', 'crm.access', 3, 9007199254740000 + i, NULL,
    CASE WHEN i < 3 THEN 'invalid_json' ELSE 'missing_actor' END, 'not JSON', 7, 'secret body', i = 0 FROM range(8) t(i)`)
})
afterEach(() => db[Symbol.asyncDispose]())

test('newest first, page by page, with the beginning of the body', async () => {
  const first = await listSourceLetters(db, 'kafka', 6, null, 5)
  const second = await listSourceLetters(db, 'kafka', 6, first.next_cursor, 5)
  expect([...first.items, ...second.items].map((row) => row.letter_uid)).toEqual([
    'l7',
    'l6',
    'l5',
    'l4',
    'l3',
    'l2',
    'l1',
    'l0',
  ])
  expect(second.next_cursor).toBeNull()
  expect(second.items[2]).toEqual({
    letter_uid: 'l0',
    received_at: 100,
    source: 'kafka',
    topic: 'crm.access',
    partition: 3,
    offset: '9007199254740000',
    line: null,
    reason: 'invalid_json',
    detail: 'not JSON',
    bytes: 7,
    published: true,
    body: 'secret',
  })
})

test('counts a source’s letters, and those that can be read again', async () => {
  await db.writer.run("UPDATE dead_letters SET body = NULL WHERE letter_uid = 'l5'")
  expect(await countSourceLetters(db, 'kafka')).toEqual({ letters: 8, kept: 7 })
  expect(await countSourceLetters(db, 'http')).toEqual({ letters: 0, kept: 0 })
})

test('a letter goes where it came from and stays out of other sources’ lists', async () => {
  expect(await listSourceLetters(db, 'http', 6, null, 5)).toEqual({ items: [], next_cursor: null })
})

test('a foreign cursor is refused', async () => {
  await expect(listSourceLetters(db, 'kafka', 6, 'abc', 5)).rejects.toThrow(InvalidCursor)
})

test('letters to be read again come in bounded portions, one at least', async () => {
  const uids = async (after: string, letters: number, bytes: number) =>
    (await keptLetters(db, 'kafka', after, { letters, bytes })).map(({ letter_uid }) => letter_uid)
  expect(await uids('', 3, 1_000)).toEqual(['l0', 'l1', 'l2'])
  expect(await uids('l2', 3, 14)).toEqual(['l3', 'l4'])
  expect(await uids('l2', 3, 1)).toEqual(['l3'])
  expect(await uids('l6', 3, 15)).toEqual(['l7'])
  expect(await uids('l7', 3, 15)).toEqual([])
  await db.writer.run("UPDATE dead_letters SET body = NULL WHERE letter_uid <> 'l5'")
  expect(await keptLetters(db, 'kafka', '', { letters: 9, bytes: 99 })).toEqual([
    { letter_uid: 'l5', reason: 'missing_actor', body: 'secret body' },
  ])
  expect(await keptLetters(db, 'http', '', { letters: 9, bytes: 99 })).toEqual([])
})
