import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../store/database.ts'
import { blocksOf, tableOf } from './documents.ts'
import { type RunningService, startFilledService } from './running-service.ts'

const PAGE = 'docs/store.md'
const queries = blocksOf(PAGE)
  .filter(({ language }) => language === 'sql')
  .map(({ text }, index) => ({ name: `${index + 1}: ${text.split('\n')[0]}`, sql: text }))

let service: RunningService
let db: Database

beforeAll(async () => {
  service = await startFilledService(Date.UTC(2026, 4, 6, 15))
  await service.stop()
  db = await openDatabase({ dir: service.dir })
})

afterAll(async () => {
  await db?.[Symbol.asyncDispose]()
  await service?.[Symbol.asyncDispose]()
})

describe('the queries of docs/store.md', () => {
  it('are found', () => {
    expect(queries.length).toBeGreaterThan(5)
  })

  it.each(queries)('$name', async ({ sql }) => {
    expect((await db.query(sql)).length).toBeGreaterThan(0)
  })

  it('count a chunked export once', async () => {
    const exports = queries.find(({ sql }) => sql.includes('logical_op_uid'))
    expect(await db.query(exports?.sql ?? '')).toEqual([{ actor_uid: 'u-17', records: 500, operations: 1 }])
  })
})

const bare = (cell: string): string => cell.replaceAll('`', '')

describe('the schema in docs/store.md', () => {
  it('has the columns of the view events, with their types', async () => {
    const columns = await db.query<{ column_name: string; column_type: string }>('DESCRIBE events')
    const documented = tableOf(PAGE, ['Column', 'Type', 'Meaning']).map(([name, type]) => [bare(name), bare(type)])
    expect(documented).toEqual(columns.map((column) => [column.column_name, column.column_type]))
  })

  it('has every table with its columns', async () => {
    const columns = await db.query<{ table_name: string; column_name: string }>(
      `SELECT c.table_name, c.column_name FROM information_schema.columns c
       JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
       WHERE t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`,
    )
    const tables = new Map<string, string[]>()
    for (const { table_name, column_name } of columns) {
      tables.set(table_name, [...(tables.get(table_name) ?? []), column_name])
    }
    const documented = tableOf(PAGE, ['Table', 'Columns', 'What it holds'])
    expect(new Map(documented.map(([name, list]) => [bare(name), bare(list).split(', ')]))).toEqual(tables)
  })
})
