import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { importInto } from '../../commands/import.ts'

const folder = mkdtempSync(join(tmpdir(), 'crmwatch-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let close: (() => Promise<void>) | null = null
afterEach(async () => {
  await close?.()
  close = null
})

type Answer = { readonly status: number; readonly retryAfter?: string } | 'hang up'

/** A service that answers as told at first, and then takes every line but `no`; at most `mostBytes` at a time. */
async function serve(first: readonly Answer[], mostBytes = 1e9) {
  const left = [...first]
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const answer = left.shift() ?? { status: body.length > mostBytes ? 413 : 200 }
    if (answer === 'hang up') return request.socket.destroy()
    if (answer.status !== 200) {
      const headers = answer.retryAfter === undefined ? {} : { 'retry-after': answer.retryAfter }
      return response.writeHead(answer.status, headers).end('no')
    }
    bodies.push(body.toString())
    const lines = body.toString().split('\n')
    const rejected = lines.flatMap((line, i) => (line === 'no' ? { line: i + 1, reason: 'it is no event' } : []))
    response.end(JSON.stringify({ accepted: lines.length - rejected.length, duplicates: 0, rejected }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies }
}

function importLines(url: string, lines: readonly string[]) {
  const file = join(folder, 'events.ndjson')
  writeFileSync(file, lines.join('\n'))
  return importFile(url, file)
}

async function importFile(url: string, file: string) {
  const said = { out: '', err: '', waits: [] as number[] }
  const code = await importInto(
    { command: 'import', url, token: null, files: [file], source: null, again: false },
    {
      token: 't',
      stdout: { write: (text) => (said.out += text) },
      stderr: { write: (text) => (said.err += text) },
      monotonic: () => 0,
      sleep: async (ms) => {
        said.waits.push(ms)
      },
    },
  )
  return { code, ...said }
}

describe('import', () => {
  it('waits as long as it is told, or a second, while the service is busy or away', async () => {
    const { url } = await serve([
      { status: 429, retryAfter: '3' },
      { status: 503, retryAfter: 'Mon, 01 Jun 2026 12:00:00 GMT' },
      'hang up',
      { status: 503 },
    ])
    const { code, out, waits } = await importLines(url, ['{}', '{}'])
    expect([code, out]).toEqual([0, '2 accepted, 0 duplicates, 0 refused\n'])
    expect(waits).toEqual([3_000, 1_000, 1_000, 1_000])
  })

  it('sends less at a time where a request is too large, and tells lines by their place in the file', async () => {
    const { url, bodies } = await serve([], 20)
    const lines = ['ä'.repeat(5), 'b'.repeat(9), '', 'no', 'c'.repeat(9), 'd'.repeat(9)]
    const { out, err } = await importLines(url, lines)
    expect(out).toBe('4 accepted, 0 duplicates, 1 refused\n')
    expect(err).toContain('events.ndjson:4: it is no event')
    expect(bodies.join('\n').split('\n')).toEqual(lines.filter((line) => line !== ''))
    for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20)
  })

  it('gives up one line that is too large, in the service’s words', async () => {
    const { url } = await serve([], 20)
    await expect(importLines(url, ['x'.repeat(30)])).rejects.toThrow(/answered 413: no/)
  })

  it.each([
    ['a folder', folder, 'it is a folder'],
    ['a file that is not there', join(folder, 'none'), 'there is no such file or folder'],
    ['a packed file that is not there', join(folder, 'none.gz'), 'there is no such file or folder'],
  ])('names %s, and says what to give', async (_, file, why) => {
    const { url } = await serve([])
    await expect(importFile(url, file)).rejects.toThrow(
      `${file} cannot be read: ${why}; give a file of access events (JSON lines, also as .gz)`,
    )
  })

  it('says that nobody answers', async () => {
    const { url } = await serve([])
    await close?.()
    close = null
    await expect(importLines(url, ['{}'])).rejects.toThrow(/does not answer: ECONNREFUSED/)
  })
})
