import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openFile } from '../../../ingest/adapters/files/open-file.ts'
import { readDocument } from '../../../ingest/adapters/files/read-document.ts'
import { createRecordReader, cutRecords } from '../../../ingest/adapters/files/read-records.ts'
import { createSourceRowReader, type SourceOutcome } from '../../../ingest/adapters/read-source-row.ts'
import { ADAPTERS } from '../../../ingest/adapters/registry.ts'
import { frameHeader, framePiece, readFrames } from '../../../ingest/sources/record-frames.ts'
import { bound, type Options, readFixture } from '../adapters/read-rows.ts'

const LOGS = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'logs')
const NOT_LOGS = new Set(['README.md', 'options.json'])

const samples = ADAPTERS.flatMap((adapter) => {
  const folder = join(LOGS, adapter.name)
  const given = join(folder, 'options.json')
  const options: Options = existsSync(given) ? JSON.parse(readFileSync(given, 'utf8')) : {}
  return readdirSync(folder)
    .filter((file) => !NOT_LOGS.has(file))
    .map((file) => ({
      name: `${adapter.name}/${file}`,
      adapter,
      path: join(folder, file),
      options,
    }))
})

describe('a row has one event_uid by whatever way it comes', () => {
  it.each(samples)('$name', async ({ adapter, path, options }) => {
    const asFile = uidsOf(await readFixture(adapter, path, options))
    const source = bound(adapter, options)
    const read = createSourceRowReader(source, { defaultOrg: 'default', latestTime: Number.MAX_SAFE_INTEGER })

    // Messages and requests come unpacked.
    const chunks: Buffer[] = []
    for await (const entry of openFile(path)) for await (const chunk of entry.chunks) chunks.push(chunk)
    const { records } = readDocument(Buffer.concat(chunks), adapter, source.source)
    expect(uidsOf(records.map(read))).toEqual(asFile)

    const imported: SourceOutcome[] = []
    for await (const { cutting, pieces } of cutRecords(Readable.from(chunks), adapter, source.source)) {
      for (let from = 0; from < pieces.length; from += 3) {
        const some = pieces.slice(from, from + 3)
        const frames = readFrames(Buffer.concat([...frameHeader(cutting), ...some.flatMap(framePiece)]))
        if (!frames.ok) throw new Error('the frames cannot be read')
        const { header } = frames
        const remote = createRecordReader(cutting.format === 'csv' ? { ...cutting, header } : cutting, adapter)
        imported.push(...remote(frames.pieces).map(read))
      }
    }
    expect(uidsOf(imported)).toEqual(asFile)
  })
})

const uidsOf = (outcomes: readonly SourceOutcome[]): string[] =>
  outcomes.flatMap((outcome) =>
    outcome.kind === 'events' ? outcome.events.map(({ event_uid }) => String(event_uid)) : [outcome.kind],
  )
