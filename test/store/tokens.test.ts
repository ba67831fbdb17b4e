import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../store/database.ts'
import { openTokens } from '../../store/tokens.ts'

const NOW = Date.UTC(2026, 2, 2)
let dir: string
let db: Database
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'crmwatch-tokens-'))
  db = await openDatabase({ dir })
})
afterEach(async () => {
  await db[Symbol.asyncDispose]()
  rmSync(dir, { recursive: true, force: true })
})

test('a made token is known at once, after a restart, and no longer when revoked', async () => {
  const tokens = await openTokens(db)
  const { token, secret } = await tokens.create({ name: 'grafana', role: 'viewer', org_uid: 'acme' }, NOW)
  expect(secret).toMatch(/^cw_[A-Za-z0-9_-]{43}$/)
  const principal = { token_uid: token.token_uid, name: 'grafana', role: 'viewer', org_uid: 'acme' }
  expect(tokens.verify(secret)).toEqual(principal)
  expect((await openTokens(db)).verify(secret)).toEqual(principal)
  expect(await tokens.revoke(token.token_uid, NOW + 1)).toBe('revoked')
  expect(await tokens.revoke(token.token_uid, NOW + 2)).toBe('unknown')
  expect(tokens.verify(secret)).toBeNull()
  const reopened = await openTokens(db)
  expect(reopened.verify(secret)).toBeNull()
  expect(reopened.list()).toEqual([{ ...principal, created_at: NOW, revoked_at: NOW + 1 }])
})

test.each(['', 'cw_', 'x'.repeat(100_000), 'cw_ä', '\0'])('an unknown secret is nobody', async (secret) => {
  const tokens = await openTokens(db)
  await tokens.create({ name: 'a', role: 'admin', org_uid: null }, NOW)
  expect(tokens.verify(secret)).toBeNull()
})

test('the secret is not in the store', async () => {
  const tokens = await openTokens(db)
  const { secret } = await tokens.create({ name: 'a', role: 'admin', org_uid: null }, NOW)
  await db.writer.run('CHECKPOINT')
  const file = readFileSync(db.path)
  expect(file.includes('api_tokens')).toBe(true)
  expect(file.includes(secret)).toBe(false)
  expect(file.includes(secret.slice(3))).toBe(false)
})

test('a token made during the event writer’s transaction does not fall with it', async () => {
  const tokens = await openTokens(db)
  await db.writer.run('BEGIN')
  const [{ secret }] = await Promise.all([
    tokens.create({ name: 'a', role: 'viewer', org_uid: null }, NOW),
    tokens.create({ name: 'b', role: 'viewer', org_uid: null }, NOW),
  ])
  await db.writer.run('ROLLBACK')
  expect((await openTokens(db)).verify(secret)?.name).toBe('a')
  expect(tokens.list()).toHaveLength(2)
})

test('the first start makes one admin token, later ones none', async () => {
  const tokens = await openTokens(db)
  const secret = await tokens.ensureAdmin(NOW)
  expect(tokens.verify(secret ?? '')?.role).toBe('admin')
  expect(await tokens.ensureAdmin(NOW)).toBeNull()
  expect(await (await openTokens(db)).ensureAdmin(NOW)).toBeNull()
})

test('an admin token of one tenant does not count as an administrator', async () => {
  const tokens = await openTokens(db)
  await tokens.create({ name: 'a', role: 'admin', org_uid: 'acme' }, NOW)
  expect(await tokens.ensureAdmin(NOW)).not.toBeNull()
})

test('an own admin token replaces a former own one and goes with the configuration', async () => {
  const first = 'my-own-admin-token-1'
  const second = 'my-own-admin-token-2'
  const tokens = await openTokens(db)
  for (let start = 0; start < 2; start++) {
    await tokens.setOwnAdmin(first, NOW)
    expect(await tokens.ensureAdmin(NOW)).toBeNull()
  }
  expect(tokens.list()).toHaveLength(1)
  expect(tokens.verify(first)?.role).toBe('admin')
  const again = await openTokens(db)
  await again.setOwnAdmin(second, NOW + 1)
  expect([again.verify(first), again.verify(second)?.role]).toEqual([null, 'admin'])
  const third = await openTokens(db)
  expect([third.verify(first), third.verify(second)?.role]).toEqual([null, 'admin'])
  await third.setOwnAdmin(null, NOW + 2)
  expect(third.verify(second)).toBeNull()
  expect(third.verify((await third.ensureAdmin(NOW + 2)) ?? '')?.role).toBe('admin')
  await third.setOwnAdmin(second, NOW + 3)
  expect(await third.ensureAdmin(NOW + 3)).toBeNull()
  const fourth = await openTokens(db)
  expect(fourth.verify(second)?.role).toBe('admin')
})

test('the configured admin token ends with the configuration alone, or the next start would bring it back', async () => {
  const own = 'my-own-admin-token-1'
  const tokens = await openTokens(db)
  await tokens.setOwnAdmin(own, NOW)
  const [{ token_uid }] = tokens.list()
  expect(await tokens.revoke(token_uid, NOW)).toBe('configured')
  expect(tokens.verify(own)?.role).toBe('admin')
  await tokens.setOwnAdmin(null, NOW + 1)
  expect(await tokens.revoke(token_uid, NOW + 1)).toBe('unknown')
})

test.each(['short', 'fifteen-chars-x', 'has a space in it', 'x'.repeat(513), 'sixteen-çhars-xx'])(
  'a weak own token is refused without being shown',
  async (own) => {
    const tokens = await openTokens(db)
    const failure = await tokens.setOwnAdmin(own, NOW).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(String(failure)).toContain('16 to 512')
    expect(String(failure)).not.toContain(own)
  },
)
