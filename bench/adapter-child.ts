import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { BoundAdapter } from '../ingest/adapters/adapter.ts'
import { readRecords } from '../ingest/adapters/files/read-records.ts'
import { createSourceRowReader } from '../ingest/adapters/read-source-row.ts'
import { findAdapter } from '../ingest/adapters/registry.ts'
import { LATEST_TIME } from '../model/event-time.ts'
import { serveChild } from './child-task.ts'
import { median } from './quantile.ts'

const LOGS = join(import.meta.dirname, '..', 'fixtures', 'logs')
/** The file that is held against a bare csv-parse. */
const COMPARED = { adapter: 'salesforce-event-log-file', file: 'report.csv' }
const CHUNK_BYTES = 262_144
const ROUNDS = 5

export interface AdapterInput {
  readonly adapter: string
  readonly rows: number
}

export interface AdapterFigures {
  readonly adapter: string
  readonly file: string
  /** Of CPU time, reading, adapter and canonical check together. */
  readonly rowsPerSecond: number
  readonly megabytesPerSecond: number
  /** Rows that became events. */
  readonly eventShare: number
  /** Rate of csv-parse alone on the same bytes, as arrays of cells; null where it was not measured. */
  readonly barePerSecond: number | null
}

/** How fast an adapter reads its largest sample file, many times over, on one core and in a process of its own. */
await serveChild(async ({ adapter: name, rows }: AdapterInput): Promise<AdapterFigures> => {
  const adapter = findAdapter(name)
  if (adapter === undefined) throw new Error(`${name}: no such adapter`)
  const folder = join(LOGS, name)
  const files = readdirSync(folder)
  const given = files.includes('options.json') ? JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) : {}
  const bound = adapter.bind(given)
  if (!bound.ok) throw new Error(`${name}: ${bound.faults.join('; ')}`)
  const file = name === COMPARED.adapter ? COMPARED.file : largest(folder, files)
  return await measureOne(bound, file, await repeated(bound, join(folder, file), rows))
})

async function measureOne(bound: BoundAdapter, file: string, bytes: Buffer): Promise<AdapterFigures> {
  const isCompared = bound.adapter.name === COMPARED.adapter
  const [ours, bare]: [number[], number[]] = [[], []]
  let counted = { rows: 0, events: 0 }
  // The two take turns, so that both meet the machine in the same moods; the first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const bareSeconds = isCompared ? await cpuSeconds(() => parseBare(bytes)) : 0
    const seconds = await cpuSeconds(async () => {
      counted = await readAll(bound, bytes)
    })
    if (round === 0) continue
    ours.push(seconds)
    bare.push(bareSeconds)
  }
  const seconds = median(ours)
  return {
    adapter: bound.adapter.name,
    file,
    rowsPerSecond: counted.rows / seconds,
    megabytesPerSecond: bytes.length / 1e6 / seconds,
    eventShare: counted.events / counted.rows,
    barePerSecond: isCompared ? counted.rows / median(bare) : null,
  }
}

async function readAll(bound: BoundAdapter, bytes: Buffer): Promise<{ rows: number; events: number }> {
  const read = createSourceRowReader(bound, { defaultOrg: 'bench', latestTime: LATEST_TIME })
  let [rows, events] = [0, 0]
  for await (const records of readRecords(inChunks(bytes), bound.adapter, bound.source)) {
    for (const record of records) {
      rows++
      if (read(record).kind === 'events') events++
    }
  }
  return { rows, events }
}

async function parseBare(bytes: Buffer): Promise<void> {
  let rows = 0
  for await (const _row of Readable.from(inChunks(bytes)).pipe(parse())) rows++
  if (rows === 0) throw new Error('the sample holds no rows')
}

async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}

function largest(folder: string, files: readonly string[]): string {
  const sizes = files
    .filter((file) => file !== 'options.json' && !file.endsWith('.md'))
    .map((file) => ({ file, bytes: readFileSync(join(folder, file)).length }))
  return sizes.reduce((best, one) => (one.bytes > best.bytes ? one : best)).file
}

/** The records of a sample over and over: a CSV under one header, all else as JSON lines. */
async function repeated(bound: BoundAdapter, path: string, rows: number): Promise<Buffer> {
  const records: Buffer[] = []
  const content = readFileSync(path)
  for await (const some of readRecords(inChunks(content), bound.adapter, bound.source))
    records.push(...some.map(({ raw }) => Buffer.from(raw.toString().replaceAll(/\s*\n\s*/g, ' '))))
  const header = path.endsWith('.csv') ? [content.subarray(0, content.indexOf('\n'))] : []
  const lines = [...header, ...Array.from({ length: rows }, (_, index) => records[index % records.length])]
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
}
