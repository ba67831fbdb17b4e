import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const MAIN = join(import.meta.dirname, '..', '..', 'main.ts')
const OWN = 'an-own-token-of-the-operator'

let root: string
let dir: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crmwatch-first-'))
  dir = join(root, 'data')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** `crmwatch serve`, until it ends by itself or says where it listens; then `use` may ask it, and it is ended. */
async function serve(
  settings: Readonly<Record<string, string>>,
  use: (address: string) => Promise<void> = async () => undefined,
) {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, CRMWATCH_DATA_DIR: dir, CRMWATCH_HTTP_PORT: '0', ...settings },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const ended = once(child, 'close')
  const said = { stdout: '', stderr: '' }
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk
  })
  const address = await new Promise<string | null>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk
      const listening = / listens on (\S+) /.exec(said.stdout)
      if (listening !== null) resolve(listening[1])
    })
    void ended.then(() => resolve(null))
  })
  if (address !== null) await use(address)
  child.kill('SIGTERM')
  const [status] = await ended
  return { ...said, status, token: /keep it\): (cw_\S+)/.exec(said.stdout)?.[1] ?? null }
}

const statusOf = async (address: string, token: string) =>
  (await fetch(`${address}/v1/tokens`, { headers: { authorization: `Bearer ${token}` } })).status

async function takenPort(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

describe('a first start that fails', () => {
  test('because the port is taken says so, and the next one prints an administrator’s token that holds', async () => {
    await using taken = await takenPort()
    const failed = await serve({ CRMWATCH_HTTP_PORT: String(taken.port) })
    expect([failed.status, failed.token]).toEqual([1, null])
    expect(failed.stderr).toBe(
      `crmwatch: http.port: another process listens on 127.0.0.1:${taken.port}; end it, or set another port (CRMWATCH_HTTP_PORT).\n`,
    )
    let status = 0
    const next = await serve({}, async (address) => {
      status = await statusOf(address, OWN)
    })
    expect([next.status, status]).toEqual([0, 401])
    expect(next.token).not.toBeNull()
    const later = await serve({}, async (address) => {
      status = await statusOf(address, next.token ?? '')
    })
    expect([status, later.token]).toEqual([200, null])
  })

  test.each([
    ['there is no such file or folder', 'none.csv'],
    ['it is a folder', '.'],
  ])('because %s at staff.file says so, and the next one prints a token', async (reason, file) => {
    const failed = await serve({ CRMWATCH_STAFF_FILE: join(root, file) })
    expect([failed.status, failed.token]).toEqual([1, null])
    expect(failed.stderr).toBe(
      `crmwatch: staff.file: ${join(root, file)} cannot be read: ${reason}. Name a file of staff records, or leave the setting (CRMWATCH_STAFF_FILE) out.\n`,
    )
    expect((await serve({})).token).not.toBeNull()
  })

  test('because a file is in the way of data.dir says which', async () => {
    writeFileSync(dir, '')
    const { status, stderr } = await serve({ CRMWATCH_DATA_DIR: join(dir, 'below') })
    expect(stderr).toBe(
      `crmwatch: The folder ${join(dir, 'below')} cannot be used: ${dir} is a file; give a folder that is there or can be made.\n`,
    )
    expect(status).toBe(1)
  })

  test('with an own token prints none then or later, and the own one holds', async () => {
    await using taken = await takenPort()
    const failed = await serve({ CRMWATCH_HTTP_PORT: String(taken.port), CRMWATCH_ADMIN_TOKEN: OWN })
    let status = 0
    const next = await serve({ CRMWATCH_ADMIN_TOKEN: OWN }, async (address) => {
      status = await statusOf(address, OWN)
    })
    expect([failed.token, next.token, status]).toEqual([null, null, 200])
    expect(next.stdout + next.stderr).not.toContain(OWN)
  })
})

test('an own token that the configuration no longer has is refused from the first request on', async () => {
  await serve({ CRMWATCH_ADMIN_TOKEN: OWN })
  let status = 0
  const next = await serve({}, async (address) => {
    status = await statusOf(address, OWN)
  })
  expect(status).toBe(401)
  expect(next.token).not.toBeNull()
})

test('a data folder that others may enter is told in the log, with what to do', async () => {
  mkdirSync(dir, { mode: 0o755 })
  chmodSync(dir, 0o755)
  const open = await serve({})
  expect(open.stderr).toContain(
    `"msg":"Other users of the machine may enter data.dir, which holds personal data: chmod 700 ${dir}, and 600 what is in it"`,
  )
  chmodSync(dir, 0o700)
  expect((await serve({})).stderr).not.toContain('data.dir')
})
