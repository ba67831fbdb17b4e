import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NativeRow } from '../../../ingest/adapters/adapter.ts'
import { readRecords } from '../../../ingest/adapters/files/read-records.ts'
import { ADAPTERS } from '../../../ingest/adapters/registry.ts'
import { EVENT_LIMITS } from '../../../model/event.ts'
import { ROOT } from '../../architecture/source-files.ts'
import { anyValue, bound, mutatedRow, readBytes, readFixture } from './read-rows.ts'

const SECTIONS = ['## Switching the log on', '## What becomes of it', '## What stays invisible', '## Options']

describe.each(ADAPTERS.map((adapter) => ({ name: adapter.name, adapter })))('$name', ({ name, adapter }) => {
  const folder = join(ROOT, 'fixtures/logs', name)
  const samples = existsSync(folder) ? readdirSync(folder).filter((file) => !file.endsWith('.md')) : []
  /** Some options of an adapter have no default; samples are read with what the folder's options.json says. */
  const isOptions = (file: string) => file === 'options.json'
  const options = samples.some(isOptions) ? JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) : {}
  const files = samples.filter((file) => !isOptions(file))

  const rowsOf = async (file: string): Promise<NativeRow[]> => {
    const rows: NativeRow[] = []
    const { source } = bound(adapter, options)
    const content = readFileSync(join(folder, file))
    const layout = { lists: adapter.lists }
    for await (const records of readRecords(chunksOf(content), layout, source))
      rows.push(...records.flatMap(({ row }) => (row === null ? [] : [row])))
    return rows
  }

  it('has a page that says how to switch the log on and what it does not show', () => {
    const page = readFileSync(join(ROOT, `docs/adapters/${name}.md`), 'utf8')
    const headings = page.split('\n').filter((line) => line.startsWith('## '))
    expect(headings).toEqual(expect.arrayContaining(SECTIONS))
    for (const option of Object.keys(adapter.options.properties)) expect(page).toContain(`\`${option}\``)
  })

  it('has samples', () => expect(files.length).toBeGreaterThan(0))

  it.each(files)('reads %s without refusing a row', async (file) => {
    const outcomes = await readFixture(adapter, join(folder, file), options)
    expect(outcomes.filter(({ kind }) => kind === 'rejected')).toEqual([])
    expect(outcomes.filter(({ kind }) => kind === 'events').length).toBeGreaterThan(0)
  })

  it('gives the same events for the same row, and others for another', async () => {
    for (const file of files) {
      const [first, again] = [
        await readFixture(adapter, join(folder, file), options),
        await readFixture(adapter, join(folder, file), options),
      ]
      expect(first).toEqual(again)
      const uids = first.flatMap((outcome) =>
        outcome.kind === 'events' ? outcome.events.map((event) => event.event_uid) : [],
      )
      expect(new Set(uids).size).toBe(uids.length)
    }
  })

  it('throws for no row', async () => {
    const { readRow } = bound(adapter, options)
    const rows = (await Promise.all(files.map(rowsOf))).flat().map((row) => renamed(row, adapter.keyOf))
    const anyRow = fc.oneof(fc.dictionary(fc.string(), anyValue), mutatedRow(rows))
    fc.assert(
      fc.property(anyRow, (row) => {
        const outcome = readRow(row)
        if (outcome.kind === 'ignored') expect(outcome.type.length).toBeLessThanOrEqual(80)
        if (outcome.kind === 'events') {
          expect(outcome.events.length).toBeGreaterThan(0)
          for (const { record_count } of outcome.events) expect(record_count ?? null).not.toBeNaN()
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(files.filter((file) => file.endsWith('.csv')))(
    'refuses the header of %s where it comes as a row',
    async (file) => {
      const bytes = readFileSync(join(folder, file))
      const content = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes
      const header = content.subarray(0, content.indexOf('\n') + 1)
      const outcomes = await readBytes(adapter, chunksOf(Buffer.concat([content, header])), options)
      expect(outcomes.at(-1)).toMatchObject({ kind: 'rejected', reason: 'header_row' })
      expect(outcomes.slice(0, -1)).toEqual(await readFixture(adapter, join(folder, file), options))
    },
  )

  it.each(files)('reads %s with a byte order mark and with other line ends', async (file) => {
    const bytes = readFileSync(join(folder, file))
    const content = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes
    const expected = (await readBytes(adapter, chunksOf(content), options)).map(({ kind }) => kind)
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), content])
    const windows = Buffer.from(content.toString().replaceAll(/\r?\n/g, '\r\n'))
    for (const other of [marked, windows])
      expect((await readBytes(adapter, chunksOf(other), options)).map(({ kind }) => kind)).toEqual(expected)
  })

  it('reads a file on behind its damages', async () => {
    const contents = files
      .map((file) => readFileSync(join(folder, file)))
      .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes))
    const damage = fc.tuple(
      fc.constantFrom(...contents),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(
        'cut',
        'quote',
        'bytes',
        'drop',
        'huge',
        'over',
        'formula',
        'header',
        'utf16',
        'utf16be',
        'latin1',
      ),
    )
    await fc.assert(
      fc.asyncProperty(damage, async ([content, share, kind]) => {
        const at = Math.floor(content.length * share)
        const [before, after] = [content.subarray(0, at), content.subarray(at)]
        const damaged = {
          cut: () => before,
          quote: () => Buffer.concat([before, Buffer.from('"'), after]),
          bytes: () => Buffer.concat([before, Buffer.from([0xff, 0x00, 0xc3, 0x28]), after]),
          huge: () => Buffer.concat([before, Buffer.alloc(80_000, 'x'), after]),
          over: () => Buffer.concat([before, Buffer.alloc(EVENT_LIMITS.bytes + 1, 'x'), after]),
          header: () => Buffer.concat([before, content.subarray(0, content.indexOf('\n') + 1), after]),
          formula: () => Buffer.concat([before, Buffer.from('=HYPERLINK("http://x","@SUM(1)")'), after]),
          drop: () => Buffer.concat([before, after.subarray(5)]),
          utf16: () => Buffer.from(`\ufeff${content.toString()}`, 'utf16le'),
          utf16be: () => Buffer.from(`\ufeff${content.toString()}`, 'utf16le').swap16(),
          latin1: () => Buffer.from(content.toString(), 'latin1'),
        }[kind]()
        const outcomes = await readBytes(adapter, chunksOf(damaged), options)
        if (kind.startsWith('utf16')) expect(outcomes.filter(({ kind }) => kind === 'rejected')).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

it('has no two adapters of one name, nor options that all have', () => {
  expect(new Set(ADAPTERS.map(({ name }) => name)).size).toBe(ADAPTERS.length)
  for (const { name } of ADAPTERS) expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
})

async function* chunksOf(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 4_096) yield content.subarray(at, at + 4_096)
}

const renamed = (row: NativeRow, keyOf = (name: string): string => name): NativeRow =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [keyOf(key), value]))
