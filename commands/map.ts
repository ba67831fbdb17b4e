import type { MapCommand } from '../cli/command.ts'
import { inputName } from '../cli/input-name.ts'
import type { Output } from '../cli/output.ts'
import { type BoundAdapter, DEFAULT_SOURCE, type NativeRow } from '../ingest/adapters/adapter.ts'
import { readLogs } from '../ingest/adapters/files/read-logs.ts'
import type { FileEntry } from '../ingest/adapters/files/zip-entries.ts'
import { proposeMapping } from '../ingest/adapters/mapped/propose-mapping.ts'
import { mapped } from '../ingest/adapters/mapped.ts'
import { createSourceRowReader } from '../ingest/adapters/read-source-row.ts'
import { DEFAULT_ORG } from '../model/event.ts'
import { LATEST_TIME } from '../model/event-time.ts'

export interface MapParts {
  readonly stdout: Output
  readonly stderr: Output
  /** The logs in a file, `-` for standard input. */
  readonly openLogs: (file: string) => AsyncIterable<FileEntry>
}

const ROWS_READ = 1_000
const ROWS_SHOWN = 10
const SHOWN_CHARACTERS = 400

/** Writes a proposed mapping to standard output, and rows before and after to standard error. 1 when none fits. */
export async function map(command: MapCommand, { stdout, stderr, openLogs }: MapParts): Promise<number> {
  const rows: NativeRow[] = []
  let isAll = true
  const logs = { name: inputName(command.sample), entries: openLogs(command.sample) }
  for await (const records of readLogs(logs, mapped, DEFAULT_SOURCE)) {
    for (const { row } of records) if (row !== null && rows.length < ROWS_READ) rows.push(row)
    isAll = rows.length < ROWS_READ
    if (!isAll) break
  }
  if (rows.length === 0) {
    stderr.write('crmwatch: map: the sample has no row that can be read\n')
    return 1
  }
  const { yaml, missing } = proposeMapping(rows, isAll)
  stdout.write(yaml)
  if (!isAll) {
    const read = ROWS_READ.toLocaleString('en')
    stderr.write(`crmwatch: map: the first ${read} rows of the sample were read; convert shows what becomes of all\n`)
  }
  const bound = missing.length === 0 ? bind(yaml) : null
  if (bound === null) {
    stderr.write(`crmwatch: map: nothing looks like ${missing.join(', ')}; add it by hand\n`)
    return 1
  }
  show(rows.slice(0, ROWS_SHOWN), bound, stderr)
  return 0
}

function bind(mapping: string): BoundAdapter | null {
  const bound = mapped.bind({ mapping })
  return bound.ok ? bound : null
}

/** Only what says something: an event's empty fields are left out. */
function show(rows: readonly NativeRow[], bound: BoundAdapter, stderr: Output): void {
  const read = createSourceRowReader(bound, { defaultOrg: DEFAULT_ORG, latestTime: LATEST_TIME })
  rows.forEach((row, index) => {
    const raw = Buffer.from(JSON.stringify(row))
    const outcome = read({ position: index + 1, raw, row })
    stderr.write(`${index + 1} before: ${clipped(raw.toString())}\n`)
    if (outcome.kind === 'ignored') stderr.write(`${index + 1} after:  ignored (${outcome.type})\n`)
    else if (outcome.kind === 'rejected')
      stderr.write(`${index + 1} after:  rejected: ${outcome.reason}: ${outcome.detail}\n`)
    else
      for (const event of outcome.events) stderr.write(`${index + 1} after:  ${clipped(JSON.stringify(told(event)))}\n`)
  })
}

const told = (event: object): object =>
  Object.fromEntries(
    Object.entries(event)
      .filter(([name, value]) => value !== null && !(Array.isArray(value) && value.length === 0) && !UNTOLD.has(name))
      .map(([name, value]) => [name, name === 'time' ? new Date(Number(value)).toISOString() : value]),
  )

const UNTOLD = new Set(['event_uid', 'raw_ref', 'org_uid', 'source_product', 'object_uids_complete'])

/** Without control characters, which a log may hold and a terminal would obey. */
const clipped = (text: string): string => {
  const plain = text.replaceAll(/\p{Cc}/gu, ' ')
  return plain.length > SHOWN_CHARACTERS ? `${plain.slice(0, SHOWN_CHARACTERS)}...` : plain
}
