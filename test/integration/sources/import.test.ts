import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { accessRows, eventLogCsv } from '../../support/event-log-csv.ts'
import { launchService, type ServiceProcess, startService, TOKEN } from '../../support/service-process.ts'
import { zipOf } from '../../support/zip.ts'
import { until, withStore } from '../service/harness.ts'
import { detailsOf, withSources } from './harness.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const SOURCES = { salesforce: { adapter: 'salesforce-event-log-file', org: 'acme' } }
const ROWS = 30_000

interface ImportProcess {
  readonly child: ChildProcess
  /** What it has written to standard error so far. */
  err(): string
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
}

/** `crmwatch import --source salesforce` as users run it. */
function launchImport(address: string, args: readonly string[]): ImportProcess {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'main.ts'), 'import', '--source', 'salesforce', '--url', address, ...args],
    { env: { PATH: process.env.PATH, TZ: 'UTC', CRMWATCH_TOKEN: TOKEN }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const text = { out: '', err: '' }
  child.stdout?.on('data', (data) => (text.out += data))
  child.stderr?.on('data', (data) => (text.err += data))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, err: () => text.err, ended: ended.then((code) => ({ code, ...text })) }
}

const runImport = (service: ServiceProcess, ...args: string[]) => launchImport(service.address, args).ended

async function piecesOf(service: ServiceProcess, file: string): Promise<number> {
  const digest = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  return (await service.json<{ pieces: number }>(`/v1/sources/salesforce/imports/${digest}`)).pieces
}

test('files in every form, each once', async () => {
  await withSources(SOURCES, async (dir, settings, config) => {
    await using service = await startService(settings, ['--config', config])
    const write = async (name: string, content: string | Buffer) => {
      await writeFile(join(dir, name), content)
      return join(dir, name)
    }
    const plain = await write('a.csv', eventLogCsv(0, 40))
    const packed = await write('b.csv.gz', gzipSync(eventLogCsv(40, 80)))
    const zip = await write(
      'c.zip',
      zipOf([
        { name: 'one.csv', data: Buffer.from(eventLogCsv(80, 120)) },
        { name: 'two.csv.gz', data: gzipSync(eventLogCsv(100, 160)) },
      ]),
    )
    const first = await runImport(service, plain, packed, zip)
    expect(first).toMatchObject({
      code: 0,
      out: `${accessRows(0, 160)} accepted, ${accessRows(100, 120)} duplicates, 45 ignored, 0 refused\n  LightningInteraction: 45\n`,
    })
    expect(first.err).toMatch(/importing: 180 rows in (\d+ ms|[\d.]+ s), [\d,]+ rows\/s\n$/)
    // Under another name it is the same file.
    const renamed = await write('d.csv', eventLogCsv(0, 40))
    expect(await runImport(service, renamed, packed)).toMatchObject({
      code: 0,
      out: '0 accepted, 0 duplicates, 0 ignored, 0 refused\n',
      err: expect.stringContaining('d.csv: imported before; --again reads it once more\n'),
    })
    expect((await runImport(service, '--again', renamed)).out).toContain('0 accepted, 30 duplicates')
    const other = await write('e.csv', 'a,b\n1,2\n3,4\n')
    const broken = await write('f.zip', zipOf([{ name: 'x', data: Buffer.from(eventLogCsv(0, 9)) }]).subarray(0, 90))
    const refused = await runImport(service, other, broken)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('e.csv: record 1: EVENT_TYPE is missing')
    expect(refused.err).toContain('e.csv: none of its first 2 records can be read: is it the log of this source?')
    expect(refused.err).toContain('f.zip: the zip is broken or ends in the middle')
    // The source may have been mended meanwhile: what could not be read is not passed over.
    const repeated = await runImport(service, other)
    expect(repeated).toMatchObject({ code: 1, err: expect.stringContaining('none of its first 2 records can be read') })
    expect((await runImport(service, join(dir, 'none.csv'))).code).toBe(1)
  })
})

test('killed, the import and then the service, and begun again, it loses and doubles nothing', async () => {
  await withSources(SOURCES, async (dir, folders, config) => {
    const file = join(dir, 'big.csv')
    await writeFile(file, eventLogCsv(0, ROWS))
    // Small requests, so that there are many places to be killed at.
    const settings = { ...folders, CRMWATCH_HTTP_PORT: '0', CRMWATCH_HTTP_BODY_LIMIT_BYTES: '65536' }
    {
      await using service = await startService(settings, ['--config', config])
      const first = launchImport(service.address, [file])
      await until('some of it is stored', async () => (await piecesOf(service, file)) > 0)
      first.child.kill('SIGKILL')
      await first.ended
      const port = new URL(service.address).port
      const before = await piecesOf(service, file)
      expect(before).toBeLessThan(ROWS)
      const second = launchImport(service.address, [file])
      await until('it goes on', () => second.err().includes('going on behind record'))
      await until('it has gone on', async () => (await piecesOf(service, file)) > before)
      await service.kill()
      // The import waits for the service to come back, and goes on with it.
      await using again = await launchService({ ...settings, CRMWATCH_HTTP_PORT: port }, ['serve', '--config', config])
        .listening
      const { code, err } = await second.ended
      expect({ code, err }).toMatchObject({ code: 0 })
      expect(err).toMatch(/going on behind record \d+\n/)
      const details = await detailsOf(again, 'salesforce')
      expect(details).toMatchObject({
        accepted: accessRows(0, ROWS),
        ignored: { LightningInteraction: ROWS - accessRows(0, ROWS) },
        rejected: {},
        files: { done: 1 },
      })
      await again.stop()
    }
    await withStore(folders.CRMWATCH_DATA_DIR, async (db) => {
      const all = accessRows(0, ROWS)
      expect(await db.query('SELECT count(*) AS n, count(DISTINCT event_uid) AS uids FROM event_log')).toEqual([
        { n: all, uids: all },
      ])
    })
  })
})
