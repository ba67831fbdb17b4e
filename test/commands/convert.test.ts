import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConvertCommand } from '../../cli/command.ts'
import { parseCommand } from '../../cli/parse-command.ts'
import { convert } from '../../commands/convert.ts'
import { readCanonical } from '../../ingest/adapters/canonical.ts'
import { openFile } from '../../ingest/adapters/files/open-file.ts'
import { createEventDraft } from '../../ingest/event-draft.ts'
import { zipOf } from '../support/zip.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'crmwatch-convert-'))
})
afterAll(() => rm(dir, { recursive: true }))

const ADAPTER = 'salesforce-event-log-file'
const HEADER = 'EVENT_TYPE,TIMESTAMP_DERIVED,USER_ID,METHOD_NAME,ENTITY_NAME,ROWS_PROCESSED'
const ROWS = [
  'API,2026-03-12T09:00:00.000Z,0055e00000UserA,query,Contact,27',
  'ApexExecution,2026-03-12T09:00:01.000Z,0055e00000UserA,,,',
  'API,,0055e00000UserA,query,Contact,27',
  HEADER,
  'API,2026-03-12T09:00:02.000Z,0055e00000UserA,query_more,Contact,27',
]

async function run(files: readonly string[], more: Partial<ConvertCommand> = {}) {
  let out = ''
  let err = ''
  const command: ConvertCommand = { command: 'convert', adapter: ADAPTER, options: {}, files, rejects: null, ...more }
  const code = await convert(command, {
    write: async (text) => {
      out += text
    },
    stderr: { write: (text: string) => (err += text) },
    openLogs: (file) => openFile(file),
  })
  const events: Record<string, unknown>[] = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return { code, events, err }
}

const fileOf = async (name: string, content: string | Buffer) => {
  await writeFile(join(dir, name), content)
  return join(dir, name)
}

describe('convert', () => {
  it('never overwrites what it reads', async () => {
    const file = await fileOf('read.csv', [HEADER, ...ROWS].join('\n'))
    expect(await run([file], { rejects: file })).toEqual({
      code: 2,
      events: [],
      err: `crmwatch: convert: --rejects ${file} would overwrite a file that is read; name another\n`,
    })
    expect(await readFile(file, 'utf8')).toContain(ROWS[0])
  })

  it('leaves what is in the file of the refused rows until a file could be read', async () => {
    const rejects = await fileOf('kept.ndjson', 'of yesterday')
    await expect(run([join(dir, 'not there')], { rejects })).rejects.toThrow()
    expect(await readFile(rejects, 'utf8')).toBe('of yesterday')
    await run([await fileOf('good.csv', `${HEADER}\n${ROWS[0]}\n`)], { rejects })
    expect(await readFile(rejects, 'utf8')).toBe('')
  })

  it.each([
    ['is a folder', '.', 'it is a folder'],
    ['is not there', 'none.csv', 'there is no such file or folder'],
  ])('names the file that %s, and says what to give', async (_, name, why) => {
    const file = join(dir, name)
    await expect(run([file])).rejects.toThrow(
      `${file} cannot be read: ${why}; give a file of the CRM's log (CSV, JSON or JSON lines, also gzip and zip)`,
    )
  })

  it('brings no file of refused rows into being where nothing can be read', async () => {
    const rejects = join(dir, 'new.ndjson')
    await expect(run([join(dir, 'not there')], { rejects })).rejects.toThrow()
    expect(existsSync(rejects)).toBe(false)
  })

  it('writes all refused rows, however many', async () => {
    const rejects = join(dir, 'many.ndjson')
    const file = await fileOf('many.csv', `${HEADER}\n${`${ROWS[2]}\n`.repeat(3_000)}`)
    expect((await run([file], { rejects })).code).toBe(1)
    const lines = (await readFile(rejects, 'utf8')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).raw_position)).toEqual(lines.map((_, index) => index + 1))
    expect(lines).toHaveLength(3_000)
  })

  it('says that the refused rows have nowhere to go, before it reads anything', async () => {
    const rejects = join(dir, 'nodir', 'r')
    expect(await run([join(dir, 'not there')], { rejects })).toEqual({
      code: 2,
      events: [],
      err: `crmwatch: convert: --rejects ${rejects} cannot be written: there is no folder ${join(dir, 'nodir')}\n`,
    })
  })

  it('writes events in the order of the file, with their places', async () => {
    const file = await fileOf('api.csv', [HEADER, ...ROWS, ''].join('\n'))
    const { code, events, err } = await run([file], { rejects: join(dir, 'rejects.ndjson') })
    expect(code).toBe(0)
    expect(events).toMatchObject([
      { raw_position: 1, action: 'api_read', record_count: 27, org_uid: 'default', source_product: 'salesforce' },
      { raw_position: 5, action: 'api_read', record_count: 0, record_count_basis: 'reported' },
    ])
    for (const { raw_ref } of events) expect(raw_ref).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(err).toBe('events: 2\nignored: 1\n  ApexExecution: 1\nrejected: 2\n  header_row: 1\n  missing_time: 1\n')
    const rejects = (await readFile(join(dir, 'rejects.ndjson'), 'utf8')).trim().split('\n')
    expect(rejects.map((line) => JSON.parse(line))).toMatchObject([
      { file, raw_position: 3, reason: 'missing_time', raw: ROWS[2] },
      { file, raw_position: 4, reason: 'header_row', raw: HEADER },
    ])
    expect((await stat(join(dir, 'rejects.ndjson'))).mode & 0o077).toBe(0)
  })

  it('writes events that are canonical events, which come out unchanged', async () => {
    const { events } = await run([await fileOf('again.csv', `${HEADER}\n${ROWS[0]}\n`)])
    const draft = createEventDraft()
    expect(readCanonical(events[0], draft, { latestTime: Number.MAX_SAFE_INTEGER })).toBeNull()
    expect({ ...draft, raw_position: 1 }).toEqual(events[0])
  })

  it('gives the same rows the same ids in whichever file they come', async () => {
    const plain = await run([await fileOf('a.csv', `${HEADER}\n${ROWS[0]}\n`)])
    const packed = await run([await fileOf('b.csv.gz', gzipSync(`${HEADER}\r\n${ROWS[1]}\r\n${ROWS[0]}\r\n`))])
    expect(packed.events[0].event_uid).toBe(plain.events[0].event_uid)
    expect(packed.events[0].raw_position).toBe(2)
  })

  it('reads all logs of a zip, whose places go on from one to the next', async () => {
    const logs = [`${HEADER}\n${ROWS[0]}\n${ROWS[2]}\n`, `${HEADER}\n${ROWS[1]}\n${ROWS[4]}\n${ROWS[2]}\n`]
    const zip = zipOf([
      { name: 'logs/', data: Buffer.alloc(0) },
      { name: 'logs/a.csv', data: Buffer.from(logs[0]) },
      { name: 'logs/b.csv.gz', data: gzipSync(logs[1]) },
    ])
    const rejects = join(dir, 'of-zip.ndjson')
    const { code, events, err } = await run([await fileOf('logs.zip', zip)], { rejects })
    expect(code).toBe(0)
    expect(events.map(({ raw_position }) => raw_position)).toEqual([1, 4])
    const [a, b] = [await run([await fileOf('1.csv', logs[0])]), await run([await fileOf('2.csv', logs[1])])]
    expect(events.map(({ event_uid }) => event_uid)).toEqual([...a.events, ...b.events].map((e) => e.event_uid))
    expect(err).toBe('events: 2\nignored: 1\n  ApexExecution: 1\nrejected: 2\n  missing_time: 2\n')
    const refused = (await readFile(rejects, 'utf8')).trim().split('\n')
    expect(refused.map((line) => JSON.parse(line).raw_position)).toEqual([2, 5])
  })

  const rows = `${HEADER}\n${`${ROWS[0]}\n`.repeat(1_000)}`
  it.each([
    ['a broken gzip', gzipSync(rows).subarray(0, 200), 'the compressed file is broken or ends in the middle'],
    ['a gzip bomb', gzipSync(Buffer.alloc(80_000_000, '0')), 'the file unpacks to more than 250 times its size'],
    [
      'a broken zip',
      zipOf([{ name: 'a', data: Buffer.from(rows) }]).subarray(0, 200),
      'the zip is broken or ends in the middle',
    ],
    [
      'a zip with a broken gzip in it',
      zipOf([{ name: 'a.gz', data: gzipSync(rows).subarray(0, 200) }]),
      'the compressed file is broken or ends in the middle',
    ],
    ['an encrypted zip', zipOf([{ name: 'a', data: Buffer.from(rows), encrypted: true }]), 'the zip is encrypted'],
    [
      'a zip bomb',
      zipOf([{ name: 'a', data: Buffer.alloc(80_000_000, '0') }]),
      'the file unpacks to more than 250 times its size',
    ],
  ])('ends with what is wrong with %s', async (_, content, why) => {
    const file = await fileOf('packed', content)
    await expect(run([file])).rejects.toThrow(`${file} cannot be read: ${why}; give a file of the CRM's log (`)
  })

  it('says that a file is not UTF-8, and how to name its encoding', async () => {
    const file = await fileOf('excel.csv', Buffer.from(`${HEADER}\n${ROWS[0].replace('UserA', 'Müller')}\n`, 'latin1'))
    const { err } = await run([file])
    expect(err).toContain('1 record is not valid UTF-8 and read as windows-1252; if it is another encoding, set')
    expect((await run([file], { options: { encoding: 'windows-1252' } })).err).not.toContain('UTF-8')
  })

  it('refuses a time after the year 2099, with its place', async () => {
    const file = await fileOf('late.csv', `${HEADER}\n${ROWS[0]}\n${ROWS[0].replace('2026', '2100')}\n`)
    const rejects = join(dir, 'late.ndjson')
    const { events, err } = await run([file], { rejects })
    expect(events).toHaveLength(1)
    expect(err).toContain('rejected: 1\n  time_in_future: 1\n')
    expect(JSON.parse(await readFile(rejects, 'utf8'))).toMatchObject({
      raw_position: 2,
      detail: 'time lies after the year 2099; epoch times must be in milliseconds',
    })
  })

  it('takes options', async () => {
    const { events } = await run([await fileOf('o.csv', `${HEADER}\n${ROWS[0]}\n`)], { options: { org: 'acme' } })
    expect(events[0].org_uid).toBe('acme')
  })

  it.each<[Partial<ConvertCommand>, RegExp]>([
    [{ adapter: 'salesforce-event-log-fil' }, /no adapter .*did you mean 'salesforce-event-log-file'/],
    [{ adapter: 'zzz' }, /no adapter 'zzz'; there are .*salesforce-event-log-file/],
    [{ options: { orgg: 'x' } }, /--option orgg: no such option; there are org,/],
    [{ options: { format: 'xml' } }, /--option format: .*"csv"/],
    [{ options: { encoding: 'klingon' } }, /--option encoding: must be an encoding/],
  ])('says what is wrong with %j', async (more, message) => {
    const { code, err } = await run([], more)
    expect([code, err]).toEqual([2, expect.stringMatching(message)])
  })

  it('fails when there is nothing but refused rows', async () => {
    expect((await run([await fileOf('bad.json', '{"a":\n')])).code).toBe(1)
    expect((await run([await fileOf('none.json', '')])).code).toBe(0)
  })

  it('shows a source’s own words only as far as they are fit for a terminal', async () => {
    const { err } = await run([await fileOf('esc.json', '{"EVENT_TYPE":"A\\u001b[2J"}\n')])
    expect(err).not.toContain('\u001b')
  })

  it('holds no more of a file than it is working on', async () => {
    // As many bytes as would be noticed, made while they are read.
    const rows = Buffer.from(`${ROWS.join('\n')}\n`.repeat(2_000))
    async function* bytes(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${HEADER}\n`)
      for (let n = 0; n < 60; n++) yield rows
    }
    let longest = 0
    let waiting = 0
    const command: ConvertCommand = { command: 'convert', adapter: ADAPTER, options: {}, files: ['x'], rejects: null }
    await convert(command, {
      write: async (text) => {
        waiting++
        longest = Math.max(longest, text.length)
        await new Promise((resolve) => setImmediate(resolve))
        expect(waiting--).toBe(1)
      },
      stderr: { write: () => true },
      openLogs: async function* () {
        yield { name: null, chunks: bytes() }
      },
    })
    expect(longest).toBeLessThan(200_000)
  })
})

describe('the command line', () => {
  it.each([
    ['convert --adapter a f', { options: {}, files: ['f'], rejects: null }],
    [
      'convert --adapter a --option org=x --option q=a=b f g --rejects r',
      { options: { org: 'x', q: 'a=b' }, files: ['f', 'g'], rejects: 'r' },
    ],
  ])('reads `%s`', (line, command) => {
    expect(parseCommand(line.split(' '))).toEqual({ command: 'convert', adapter: 'a', ...command })
  })

  it.each([
    ['convert f', 'convert: --adapter NAME is missing'],
    ['convert --adapter a', 'convert: FILE is missing'],
    ['convert --adapter a --option org f', `convert: --option takes KEY=VALUE, not 'org'`],
    ['convert --adapter a --option org=1 --option org=2 f', 'convert: --option org is given twice'],
  ])('refuses `%s`', (line, message) => {
    expect(parseCommand(line.split(' '))).toMatchObject({ command: 'usage-error', message })
  })
})
