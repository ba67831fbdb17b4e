import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fastify } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLogger } from '../../commands/create-logger.ts'
import { loggableError } from '../../model/loggable-error.ts'
import { type Database, openDatabase, type SqlValue } from '../../store/database.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'main.ts')
const NAME = 'Anna Muster'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ dir: ':memory:' })
  await db.writer.run(
    "CREATE TABLE people (name VARCHAR UNIQUE, age INTEGER CHECK (age > 0)); INSERT INTO people VALUES ('Anna Muster', 40)",
  )
})
afterAll(() => db[Symbol.asyncDispose]())

const failureOf = async (sql: string, values: readonly SqlValue[]): Promise<Error> => {
  const failure: unknown = await db.query(sql, values).catch((error: unknown) => error)
  if (!(failure instanceof Error)) throw new Error('it was to fail')
  return failure
}

test.each([
  ['a value of the wrong type', 'SELECT CAST(? AS INTEGER)', [NAME], /^Conversion Error: Could not convert string …$/],
  ['a value that is there already', 'INSERT INTO people VALUES (?, 1)', [NAME], /^Constraint Error: Duplicate key …$/],
  ['text that is no JSON', 'SELECT json(?)', [`{"name":"${NAME}`], /^Invalid Input Error: Malformed JSON at .*…$/],
  ['a value in the statement', `SELECT '${NAME}'::INTEGER`, [], /^Conversion Error: .*…$/],
  ['a statement with a column that is not there', `SELECT "${NAME}" FROM people`, [], /^Binder Error: .*…$/],
  [
    'a time that is none',
    'SELECT CAST(? AS TIMESTAMP)',
    [NAME],
    /^Conversion Error: invalid timestamp field format: …$/,
  ],
] as const)('of DuckDB’s error at %s the kind stays, not the value', async (_, sql, values, message) => {
  const failure = await failureOf(sql, values)
  expect(failure.stack).toContain(NAME)
  const loggable = loggableError(failure)
  expect(loggable.message).toMatch(message)
  expect(JSON.stringify(loggable)).not.toMatch(/Anna|Muster/)
})

test('a message that looks like frames does not come by that way', () => {
  const error = new Error(`Conversion Error: Could not convert string '\n    at ${NAME}' to INT32`)
  expect(JSON.stringify(loggableError(error))).not.toContain(NAME)
})

test('what JSON.parse quotes stays out', () => {
  const failure = (() => {
    try {
      return JSON.parse(`${NAME} writes`)
    } catch (error) {
      return error
    }
  })()
  expect(String(failure)).toContain('Anna')
  expect(JSON.stringify(loggableError(failure))).not.toContain('Anna')
})

test.each([
  'IO Error: Could not write file "/data/crmwatch.duckdb": No space left on device',
  "ENOENT: no such file or directory, open '/etc/crmwatch.yaml'",
  'The folder data cannot be used: access is denied; give a folder that is there or can be made.',
])('what the operator needs stays whole: %s', (message) => {
  expect(loggableError(new Error(message)).message).toBe(message)
})

test('what is no error is not shown', () => {
  expect(loggableError(NAME)).toEqual({ type: 'string', message: 'not an error', frames: [] })
})

test('the service’s log, and that of its HTTP server, has the kind of an error and not the value', async () => {
  const lines: string[] = []
  const log = { level: 'info', format: 'json' } as const
  const logger = createLogger({ log }, false, { write: (line) => lines.push(line) })
  const err = await failureOf('SELECT CAST(? AS INTEGER)', [NAME])
  logger.fatal({ err }, 'The store could not be written')
  fastify({ loggerInstance: logger }).log.warn({ err }, 'a late answer')
  expect(lines.map((line) => JSON.parse(line).err.message)).toEqual(
    Array(2).fill('Conversion Error: Could not convert string …'),
  )
  expect(lines.join('')).not.toMatch(/Anna|Muster/)
})

test('a command that fails at a value in the store does not print it, not even for debugging', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'crmwatch-quoted-'))
  try {
    const store = await openDatabase({ dir })
    await store.writer.run(`
      CREATE TABLE people AS SELECT '${NAME}' AS name;
      DROP TABLE api_tokens;
      CREATE VIEW api_tokens AS SELECT 't' AS token_uid, name, 'admin' AS role, NULL AS org_uid, 'x' AS secret_sha256,
        CAST(name AS BIGINT) AS created_at, NULL AS revoked_at, 0 AS rowid FROM people`)
    await store[Symbol.asyncDispose]()
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'token', 'list'], {
      env: { CRMWATCH_DATA_DIR: dir, CRMWATCH_LOG_LEVEL: 'debug' },
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^crmwatch: Conversion Error: Could not convert string …\n/)
    expect(stderr).not.toMatch(/Anna|Muster/)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
