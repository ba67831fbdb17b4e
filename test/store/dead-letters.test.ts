import { afterEach, beforeEach, expect, test } from 'vitest'
import { InvalidCursor } from '../../store/cursor.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { countDeadLetters, listDeadLetters } from '../../store/dead-letters.ts'

let db: Database
beforeEach(async () => {
  db = await openDatabase({ dir: ':memory:' })
  await db.writer.run(`INSERT INTO dead_letters SELECT 'l' || i, 100 + i // 2, 'kafka', 'crm.access', 3, 9007199254740000 + i, NULL,
    CASE WHEN i < 3 THEN 'invalid_json' ELSE 'missing_actor' END, 'not JSON', 7, 'secret body', i = 0 FROM range(8) t(i)`)
})
afterEach(() => db[Symbol.asyncDispose]())

test('newest first, page by page, without the body', async () => {
  const first = await listDeadLetters(db, null, 5)
  const second = await listDeadLetters(db, first.next_cursor, 5)
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
  })
})

test('counts by reason', async () => {
  expect(await countDeadLetters(db)).toEqual({ invalid_json: 3, missing_actor: 5 })
})

test('a foreign cursor is refused', async () => {
  await expect(listDeadLetters(db, 'abc', 5)).rejects.toThrow(InvalidCursor)
})
