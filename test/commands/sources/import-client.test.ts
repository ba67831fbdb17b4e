import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createImportClient } from '../../../commands/sources/import-client.ts'

const FILE = 'a'.repeat(64)
const STATE = { pieces: 3, records: 3, done: false }

let close: (() => Promise<void>) | null = null
afterEach(async () => {
  await close?.()
  close = null
})

/** A service that is away at first, and says so with these values of Retry-After; resolves with what is waited for. */
async function waitsFor(answers: readonly (string | null)[]): Promise<number[]> {
  const left = [...answers]
  const server = createServer((_request, response) => {
    const retryAfter = left.shift()
    if (retryAfter === undefined) response.end(JSON.stringify(STATE))
    else response.writeHead(503, retryAfter === null ? {} : { 'retry-after': retryAfter }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const { port } = server.address() as AddressInfo
  const waits: number[] = []
  const sleep = async (ms: number) => {
    waits.push(ms)
  }
  const client = createImportClient('crm', { url: `http://127.0.0.1:${port}`, token: 't', sleep })
  expect(await client.state(FILE)).toEqual(STATE)
  return waits
}

it.each([
  ['seconds', '5', 5_000],
  ['nothing', null, 1_000],
  ['at once', '0', 1_000],
  ['a date, as what stands in front of the service may say', 'Mon, 01 Jun 2026 12:00:00 GMT', 1_000],
  ['a word', 'soon', 1_000],
  ['longer than anybody waits', '86400', 60_000],
])('waits before it asks again a service that is away: %s', async (_what, retryAfter, ms) => {
  expect(await waitsFor([retryAfter, retryAfter])).toEqual([ms, ms])
})
