import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Source } from '../../../ingest/sources/source.ts'
import { createFolderWatcher, type FinishedFile } from '../../../ingest/sources/watch-folder.ts'
import { readSourceFiles } from '../../../store/source-records.ts'
import { accessRows, eventLogCsv } from '../../support/event-log-csv.ts'
import { inFolder, NOW, openTestCore, type TestCore } from '../../support/test-core.ts'
import { zipOf } from '../../support/zip.ts'
import { counted, rowOptions, sourceOf } from './source-core.ts'

const EVENT_LOG = { adapter: 'salesforce-event-log-file', org: 'acme' }
const POLL_MS = 1_000
const SETTLE_MS = 3_000

/** A watcher whose clock and timer a test moves. */
async function watch(core: TestCore, path: string, source: Source = sourceOf(EVENT_LOG)) {
  let now = NOW
  let due: (() => void) | null = null
  let asked = Promise.withResolvers<void>()
  const ended: FinishedFile[] = []
  const log: string[] = []
  const watcher = createFolderWatcher(
    source,
    { path, pollMs: POLL_MS, settleMs: SETTLE_MS },
    await readSourceFiles(core.db, 'crm'),
    {
      takeRows: core.pipeline.takeRows,
      rowOptions,
      now: () => now,
      after(_ms, callback) {
        due = callback
        asked.resolve()
        return () => {
          due = null
        }
      },
      logger: {
        info: (_fields, message) => log.push(message),
        warn: (fields, message) => log.push(`${message}: ${JSON.stringify(fields)}`),
      },
      onFile: (end) => ended.push(end),
    },
  )
  watcher.start()
  return {
    ended,
    log,
    /** Lets the time pass of so many looks at the folder, each of which is over when the next is asked for. */
    async look(times: number): Promise<void> {
      for (let n = 0; n < times; n++) {
        now += POLL_MS
        asked = Promise.withResolvers()
        const look = due
        due = null
        look?.()
        await asked.promise
      }
    },
    failure: watcher.failure,
    stop: () => watcher[Symbol.asyncDispose](),
  }
}

const order = 'SELECT min(seq) AS first, day(time) AS day FROM events GROUP BY 2 ORDER BY 1'
const names = async (core: TestCore) =>
  (await readSourceFiles(core.db, 'crm')).map(({ name, state, records }) => ({ name, state, records }))

it('takes complete files in the order of their names, each once', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    await writeFile(join(dir, 'log-10.csv'), eventLogCsv(8, 12))
    await writeFile(join(dir, 'log-9.csv.gz'), gzipSync(eventLogCsv(4, 8)))
    await writeFile(join(dir, 'log-8.zip'), zipOf([{ name: 'x.csv', data: Buffer.from(eventLogCsv(0, 4)) }]))
    await writeFile(join(dir, 'log-7.csv.part'), eventLogCsv(20, 24))
    await writeFile(join(dir, '.log-6.csv'), eventLogCsv(20, 24))
    await symlink(join(dir, 'log-10.csv'), join(dir, 'log-5.csv'))
    const folder = await watch(core, dir)
    await folder.look(3)
    expect(folder.ended).toEqual([])
    await folder.look(1)
    expect(folder.ended).toEqual([{ state: 'done' }, { state: 'done' }, { state: 'done' }])
    await folder.look(5)
    expect(await names(core)).toEqual([
      { name: 'log-8.zip', state: 'done', records: 4 },
      { name: 'log-9.csv.gz', state: 'done', records: 4 },
      { name: 'log-10.csv', state: 'done', records: 4 },
    ])
    expect(await counted(core)).toEqual({ accepted: 9, 'ignored LightningInteraction': 3 })
    await folder.stop()
  })
})

it('waits for a file that is still being written', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    const folder = await watch(core, dir)
    for (const rows of [4, 8, 12]) {
      await writeFile(join(dir, 'log.csv'), eventLogCsv(0, rows))
      await folder.look(3)
    }
    expect(folder.ended).toEqual([])
    await folder.look(1)
    expect(await names(core)).toEqual([{ name: 'log.csv', state: 'done', records: 12 }])
    await folder.stop()
  })
})

it('takes a file that appears late, and puts its events in their place', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    const folder = await watch(core, dir)
    await writeFile(join(dir, 'b.csv'), eventLogCsv(8_000, 8_400))
    await folder.look(4)
    await writeFile(join(dir, 'a.csv'), eventLogCsv(0, 400))
    await folder.look(4)
    await core.pipeline.drain()
    expect(await core.db.query(order)).toEqual([
      { first: 0, day: 4 },
      { first: accessRows(8_000, 8_400), day: 2 },
    ])
    const windows = (actor: string) =>
      core.engine.slots(core.codes.findActor('acme', actor)).map(({ slot, count }) => ({ slot, count }))
    await using inOrder = await openTestCore(':memory:')
    await inFolder(async (other) => {
      await writeFile(join(other, 'all.csv'), eventLogCsv(0, 400) + eventLogCsv(8_000, 8_400).replace(/^.*\n/, ''))
      const straight = await watch(inOrder, other)
      await straight.look(4)
      await inOrder.pipeline.drain()
      await straight.stop()
    })
    const actor = '0055e00000Use00AAB'
    expect(windows(actor)).toEqual(
      inOrder.engine.slots(inOrder.codes.findActor('acme', actor)).map(({ slot, count }) => ({ slot, count })),
    )
    await folder.stop()
  })
})

it('remembers over a restart what was taken, and under a new name or size finds nothing new', async () => {
  await inFolder(async (data) => {
    await inFolder(async (dir) => {
      await writeFile(join(dir, 'a.csv'), eventLogCsv(0, 8))
      {
        await using core = await openTestCore(data)
        const folder = await watch(core, dir)
        await folder.look(4)
        await folder.stop()
      }
      await using core = await openTestCore(data)
      const folder = await watch(core, dir)
      await folder.look(4)
      expect(folder.ended).toEqual([])
      await rename(join(dir, 'a.csv'), join(dir, 'b.csv'))
      await folder.look(4)
      await writeFile(join(dir, 'b.csv'), eventLogCsv(0, 12))
      await folder.look(4)
      expect(folder.ended).toHaveLength(2)
      expect(await counted(core)).toMatchObject({ accepted: 9, duplicate: 12 })
      await folder.stop()
    })
  })
})

it('goes on within a file where its records are stored', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    await writeFile(join(dir, 'a.csv'), eventLogCsv(0, 40))
    const first = await watch(core, dir)
    await first.look(4)
    await first.stop()
    // As a kill in the middle of the file would have left it.
    await core.pipeline.drain()
    await core.db.writer.run("UPDATE source_files SET state = 'reading', pieces = 30, records = 30")
    await core.db.writer.run('DELETE FROM source_rows')
    const second = await watch(core, dir)
    await second.look(4)
    expect(second.ended).toEqual([{ state: 'done' }])
    expect(await counted(core)).toEqual({ duplicate: accessRows(30, 40), 'ignored LightningInteraction': 3 })
    expect(await names(core)).toEqual([{ name: 'a.csv', state: 'done', records: 40 }])
    await second.stop()
  })
})

it('sets aside what is broken, with its reason, and takes the rest', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    const good = Buffer.from(eventLogCsv(0, 4_000))
    await writeFile(join(dir, 'a.csv'), 'name,telephone\nanna,1\nbert,2\n')
    await writeFile(join(dir, 'b.csv.gz'), gzipSync(good).subarray(0, -100))
    await writeFile(join(dir, 'c.zip'), zipOf([{ name: 'x', data: good }]).subarray(0, 500))
    await writeFile(join(dir, 'd.csv'), eventLogCsv(5_000, 5_004))
    const folder = await watch(core, dir)
    await folder.look(4)
    const files = await readSourceFiles(core.db, 'crm')
    expect(files.map(({ name, state, reason }) => [name, state, reason])).toEqual([
      [
        'a.csv',
        'set_aside',
        expect.stringMatching(/^no record of its beginning can be read; the first: unknown_layout: /),
      ],
      ['b.csv.gz', 'set_aside', 'the compressed file is broken or ends in the middle'],
      ['c.zip', 'set_aside', 'the zip is broken or ends in the middle'],
      ['d.csv', 'done', null],
    ])
    // Nothing of a file that is another log is taken for dead letters; of one that breaks off, all before is taken.
    expect(await core.db.query('SELECT reason FROM dead_letters')).toEqual([{ reason: 'truncated' }])
    expect(files[1].records).toBeGreaterThan(3_000)
    expect(folder.log.some((line) => line.includes('anna') || line.includes('a.csv'))).toBe(false)
    await folder.look(3)
    expect(folder.ended).toHaveLength(4)
    // A start tries again what nothing was taken of, and nothing else.
    await folder.stop()
    const before = await counted(core)
    const restarted = await watch(core, dir)
    await restarted.look(4)
    expect(restarted.ended).toHaveLength(2)
    expect(await counted(core)).toEqual(before)
    await restarted.stop()
    // The whole file comes after all.
    await writeFile(join(dir, 'b.csv.gz'), gzipSync(good))
    const again = await watch(core, dir)
    await again.look(4)
    expect((await core.db.query<{ n: number }>('SELECT count(*) AS n FROM event_log'))[0].n).toBe(
      accessRows(0, 4_000) + accessRows(5_000, 5_004),
    )
    await again.stop()
  })
})

it('says once that the folder cannot be read, and goes on when it can', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    const path = join(dir, 'later')
    const folder = await watch(core, path)
    await folder.look(3)
    const fields = JSON.stringify({ source: 'crm', path, code: 'ENOENT' })
    expect(folder.log).toEqual([`The folder of a source cannot be read: ${fields}`])
    expect(folder.failure()).toEqual({ failure: 'ENOENT', since: NOW + POLL_MS })
    await mkdir(path)
    await writeFile(join(path, 'a.csv'), eventLogCsv(0, 4))
    await folder.look(4)
    expect(folder.ended).toEqual([{ state: 'done' }])
    expect(folder.failure()).toBeNull()
    await folder.stop()
  })
})

it('says of a file in windows-1252 that its encoding is a guess, and takes its people under their names', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    const mapping = 'time: When\nactor: Who\naction: view\n'
    const log = 'When;Who\r\n2026-03-02T09:00:00Z;Jana Müller\r\n2026-03-02T09:01:00Z;u-2\r\n'
    await writeFile(join(dir, 'a.csv'), Buffer.from(log, 'latin1'))
    const folder = await watch(core, dir, sourceOf({ adapter: 'mapped', options: { mapping } }))
    await folder.look(4)
    expect(folder.log).toEqual([
      expect.stringMatching(
        /^The encoding of a file is a guess: .*1 record is not valid UTF-8 .*set the option encoding/,
      ),
      'A file was taken',
    ])
    const people = await core.db.query('SELECT DISTINCT actor_uid FROM events ORDER BY 1', [])
    expect(people).toEqual([{ actor_uid: 'Jana Müller' }, { actor_uid: 'u-2' }])
    await folder.stop()
  })
})

it('says once that a file cannot be read, and takes it when it can', async () => {
  await using core = await openTestCore(':memory:')
  await inFolder(async (dir) => {
    let broken = true
    const takeRows: TestCore['pipeline']['takeRows'] = (hand) =>
      broken ? Promise.reject(Object.assign(new Error('read'), { code: 'EIO' })) : core.pipeline.takeRows(hand)
    await writeFile(join(dir, 'a.csv'), eventLogCsv(0, 4))
    const folder = await watch({ ...core, pipeline: { ...core.pipeline, takeRows } }, dir)
    await folder.look(8)
    expect(folder.log).toEqual([expect.stringMatching(/^A file could not be read; it is tried again: .*"code":"EIO"/)])
    broken = false
    await folder.look(1)
    expect(folder.ended).toEqual([{ state: 'done' }])
    await folder.stop()
  })
})
