import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createToken, listTokens, revokeToken } from '../../commands/tokens.ts'
import type { Config } from '../../config.ts'
import { configOf, load } from '../config/load.ts'
import { inFolder, NOW } from '../support/test-core.ts'

const configFor = (dir: string): Config => configOf(load(null, { CRMWATCH_DATA_DIR: dir }))

function lines() {
  const said: string[] = []
  return { said, write: (text: string) => said.push(text) }
}

it('makes, lists and revokes tokens of a store', () =>
  inFolder(async (dir) => {
    const [config, out, err] = [configFor(join(dir, 'new')), lines(), lines()]
    const command = { command: 'token-create', name: 'n', role: 'metrics', org: null, config: null } as const
    expect(await createToken(command, config, NOW, out)).toBe(0)
    const tokenUid = out.said[0].split(' ')[0]
    const revoke = { command: 'token-revoke', tokenUid, config: null } as const
    expect(await revokeToken(revoke, config, NOW, out, err)).toBe(0)
    expect(await revokeToken(revoke, config, NOW, out, err)).toBe(1)
    expect(await listTokens(config, out)).toBe(0)
    expect(out.said.at(-1)).toBe(`${tokenUid}  metrics  *  revoked  n\n`)
  }))

it.each([
  ['list', (config: Config) => listTokens(config, lines())],
  [
    'revoke',
    (config: Config) =>
      revokeToken({ command: 'token-revoke', tokenUid: 'x', config: null }, config, NOW, lines(), lines()),
  ],
])('%s makes no store where there is none, and says so', (_, act) =>
  inFolder(async (dir) => {
    for (const folder of [dir, join(dir, 'none')])
      await expect(act(configFor(folder))).rejects.toThrow(
        `There is no store in ${folder} (data.dir). Name the folder that the service uses.`,
      )
    expect(readdirSync(dir)).toEqual([])
    expect(existsSync(join(dir, 'none'))).toBe(false)
  }),
)
