import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { OWN_TOKEN_CHARACTERS, OWN_TOKEN_PATTERN } from '../model/own-token.ts'
import type { Database } from './database.ts'

/**
 * ingest: hands in events and staff records. viewer: reads. analyst: reads, and works on alerts. admin: everything.
 * metrics: reads /metrics only.
 */
export const TOKEN_ROLES = ['ingest', 'viewer', 'analyst', 'admin', 'metrics'] as const
export type TokenRole = (typeof TOKEN_ROLES)[number]

/** Of a token's name, at most. */
export const TOKEN_NAME_CHARACTERS = 100

/** Who a request comes from. */
export interface Principal {
  readonly token_uid: string
  readonly name: string
  readonly role: TokenRole
  /** The only tenant this token may see or feed; null for all. */
  readonly org_uid: string | null
}

export interface TokenRecord extends Principal {
  readonly created_at: number
  readonly revoked_at: number | null
}

export interface NewToken {
  readonly name: string
  readonly role: TokenRole
  readonly org_uid: string | null
}

/**
 * `unknown`: there is no such token, or it is revoked already. `configured`: the configuration makes it valid again at
 * every start, so it ends by being taken out there.
 */
export type RevokeOutcome = 'revoked' | 'unknown' | 'configured'

/** Why a token of this role is not made for this tenant alone; null when it may be. */
export const whyNotBound = ({ role, org_uid }: Pick<NewToken, 'role' | 'org_uid'>): string | null =>
  role === 'metrics' && org_uid !== null ? 'a metrics token reads /metrics, which is of all tenants' : null

export interface TokenStore {
  /** Compares digests in constant time; null for an unknown or revoked secret. */
  verify(secret: string): Principal | null
  /** Oldest first, revoked ones too. */
  list(): TokenRecord[]
  /** The secret is given out here once; only its SHA-256 is kept. */
  create(token: NewToken, now: number): Promise<{ readonly token: TokenRecord; readonly secret: string }>
  revoke(token_uid: string, now: number): Promise<RevokeOutcome>
  /**
   * Makes `own` valid as an admin token in place of a former one; null takes a former one away. Throws for an `own` that
   * is too weak or cannot travel in a header.
   */
  setOwnAdmin(own: string | null, now: number): Promise<void>
  /**
   * Where no admin token is left, makes one and returns its secret, which nobody can learn again: the caller is to show
   * it before anything else can fail.
   */
  ensureAdmin(now: number): Promise<string | null>
}

/** Random bytes of a secret, as a parameter for tests. */
export type RandomBytes = (size: number) => Buffer

type StoredToken = TokenRecord & { readonly secret_sha256: string }

/** Marks the token whose secret the configuration gives. */
const CONFIGURED_UID = 'configured-admin'
const { least, most } = OWN_TOKEN_CHARACTERS
const OWN_TOKEN = new RegExp(OWN_TOKEN_PATTERN)

const digestOf = (secret: string) => createHash('sha256').update(secret, 'utf8').digest()

/** Loads the tokens into memory, where `verify` finds them, and keeps both in step. */
export async function openTokens(db: Database, random: RandomBytes = randomBytes): Promise<TokenStore> {
  const tokens = await db.query<StoredToken>(
    'SELECT token_uid, name, role, org_uid, created_at, revoked_at, secret_sha256 FROM api_tokens ORDER BY created_at, rowid',
  )
  let writing: Promise<unknown> = Promise.resolve()

  /** Token changes have a connection of their own, so that they never fall into a transaction of the event writer. */
  function write(sql: string, values: (string | number | null)[]): Promise<void> {
    const done = writing.then(() =>
      db.withConnection(async (connection) => {
        await connection.run(sql, values)
      }),
    )
    writing = done.catch(() => undefined)
    return done
  }

  async function add(token_uid: string, token: NewToken, secret: string, now: number): Promise<TokenRecord> {
    const secret_sha256 = digestOf(secret).toString('hex')
    const stored: StoredToken = { token_uid, ...token, created_at: now, revoked_at: null, secret_sha256 }
    await write(
      'INSERT INTO api_tokens (token_uid, name, role, secret_sha256, org_uid, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      [token_uid, token.name, token.role, secret_sha256, token.org_uid, now],
    )
    tokens.push(stored)
    return recordOf(stored)
  }

  const indexOf = (token_uid: string): number =>
    tokens.findIndex((token) => token.token_uid === token_uid && token.revoked_at === null)

  async function end(at: number, now: number): Promise<void> {
    const { token_uid } = tokens[at]
    tokens[at] = { ...tokens[at], revoked_at: now }
    await write('UPDATE api_tokens SET revoked_at = ? WHERE token_uid = ? AND revoked_at IS NULL', [now, token_uid])
  }

  async function revoke(token_uid: string, now: number): Promise<RevokeOutcome> {
    const at = indexOf(token_uid)
    if (at < 0) return 'unknown'
    if (token_uid === CONFIGURED_UID) return 'configured'
    await end(at, now)
    return 'revoked'
  }

  async function create(token: NewToken, now: number) {
    const secret = `cw_${random(32).toString('base64url')}`
    return { token: await add(randomUUID(), token, secret, now), secret }
  }

  return {
    verify(secret) {
      if (secret.length === 0 || secret.length > most) return null
      const digest = digestOf(secret)
      let match: StoredToken | null = null
      // Every token is compared, so that the time taken does not tell which one was near.
      for (const token of tokens) {
        if (timingSafeEqual(digest, Buffer.from(token.secret_sha256, 'hex')) && token.revoked_at === null) match = token
      }
      return match === null ? null : principalOf(match)
    },
    list: () => tokens.map(recordOf),
    create,
    revoke,
    async setOwnAdmin(own, now) {
      const at = indexOf(CONFIGURED_UID)
      const digest = own === null ? null : digestOf(checkOwn(own)).toString('hex')
      if (tokens[at]?.secret_sha256 === digest) return
      if (at >= 0) await end(at, now)
      if (own !== null) await add(CONFIGURED_UID, { name: 'configured admin', role: 'admin', org_uid: null }, own, now)
    },
    async ensureAdmin(now) {
      if (tokens.some((token) => token.role === 'admin' && token.org_uid === null && token.revoked_at === null))
        return null
      return (await create({ name: 'first admin', role: 'admin', org_uid: null }, now)).secret
    },
  }
}

function checkOwn(own: string): string {
  if (own.length >= least && own.length <= most && OWN_TOKEN.test(own)) return own
  throw new Error(
    `admin.token (CRMWATCH_ADMIN_TOKEN) must have ${least} to ${most} visible ASCII characters without spaces.`,
  )
}

const principalOf = ({ token_uid, name, role, org_uid }: StoredToken): Principal => ({ token_uid, name, role, org_uid })
const recordOf = (token: StoredToken): TokenRecord => ({
  ...principalOf(token),
  created_at: token.created_at,
  revoked_at: token.revoked_at,
})
