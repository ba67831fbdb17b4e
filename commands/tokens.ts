import { existsSync } from 'node:fs'
import type { TokenCreateCommand, TokenRevokeCommand } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../store/database.ts'
import { storePath } from '../store/store-path.ts'
import { openTokens, type TokenStore } from '../store/tokens.ts'

/** The store belongs to one process, so these work while the service is stopped; a running one has /v1/tokens. */
async function withTokens(config: Config, work: (tokens: TokenStore) => Promise<number>): Promise<number> {
  await using db = await openDatabase({ dir: config.data.dir })
  return await work(await openTokens(db))
}

/** Throws where there is no store, which a look into the wrong folder would otherwise make there. */
function withStoredTokens(config: Config, work: (tokens: TokenStore) => Promise<number>): Promise<number> {
  const { dir } = config.data
  if (existsSync(storePath(dir))) return withTokens(config, work)
  return Promise.reject(new Error(`There is no store in ${dir} (data.dir). Name the folder that the service uses.`))
}

export function createToken(command: TokenCreateCommand, config: Config, now: number, stdout: Output): Promise<number> {
  return withTokens(config, async (tokens) => {
    const { token, secret } = await tokens.create({ name: command.name, role: command.role, org_uid: command.org }, now)
    stdout.write(`${token.token_uid}  ${token.role}  ${token.name}\n${secret}\n`)
    return 0
  })
}

export function listTokens(config: Config, stdout: Output): Promise<number> {
  return withStoredTokens(config, async (tokens) => {
    for (const token of tokens.list()) {
      const state = token.revoked_at === null ? 'valid' : 'revoked'
      stdout.write(`${token.token_uid}  ${token.role}  ${token.org_uid ?? '*'}  ${state}  ${token.name}\n`)
    }
    return 0
  })
}

const WHY_NOT_REVOKED = {
  unknown: (uid: string) => `There is no valid token ${uid}; see 'crmwatch token list'.`,
  configured: (uid: string) =>
    `The configuration gives the token ${uid} (admin.token): take it out there, and it ends with the next start.`,
}

export function revokeToken(
  command: TokenRevokeCommand,
  config: Config,
  now: number,
  stdout: Output,
  stderr: Output,
): Promise<number> {
  return withStoredTokens(config, async (tokens) => {
    const outcome = await tokens.revoke(command.tokenUid, now)
    if (outcome === 'revoked') {
      stdout.write(`${command.tokenUid} is revoked\n`)
      return 0
    }
    stderr.write(`${WHY_NOT_REVOKED[outcome](command.tokenUid)}\n`)
    return 1
  })
}
