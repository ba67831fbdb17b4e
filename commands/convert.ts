import type { ConvertCommand } from '../cli/command.ts'
import { inputName } from '../cli/input-name.ts'
import type { Output } from '../cli/output.ts'
import { type OutputFile, withOutputFile } from '../cli/output-file.ts'
import { nearest } from '../config/nearest.ts'
import type { BoundAdapter } from '../ingest/adapters/adapter.ts'
import { notUtf8Note } from '../ingest/adapters/files/mend-utf8.ts'
import type { SourceRecord } from '../ingest/adapters/files/piece.ts'
import { readLogs } from '../ingest/adapters/files/read-logs.ts'
import type { FileEntry } from '../ingest/adapters/files/zip-entries.ts'
import { createSourceRowReader, rawRefOf } from '../ingest/adapters/read-source-row.ts'
import { ADAPTERS, findAdapter } from '../ingest/adapters/registry.ts'
import { DEFAULT_ORG } from '../model/event.ts'
import { LATEST_TIME } from '../model/event-time.ts'

export interface ConvertParts {
  /** Writes to standard output and waits until there is room for more. */
  readonly write: (text: string) => Promise<void>
  readonly stderr: Output
  /** The logs in a file, `-` for standard input. */
  readonly openLogs: (file: string) => AsyncIterable<FileEntry>
}

const READ_OUT_CHARACTERS = 65_536
const RAW_KEPT_BYTES = 65_536
/** Ignored types told apart; a source that puts something ever new there does not fill the memory. */
const TYPES_COUNTED = 500

/** Shows what crmwatch makes of a CRM's log, storing nothing. Exit code 1 when no row could be used, 2 when it was asked for what cannot be. */
export async function convert(command: ConvertCommand, parts: ConvertParts): Promise<number> {
  const bound = bindAdapter(command, parts.stderr)
  if (bound === null) return 2
  const output = { option: 'convert: --rejects', path: command.rejects, inputs: command.files, stderr: parts.stderr }
  return withOutputFile(output, (rejects) => convertFiles(command.files, bound, parts, rejects))
}

async function convertFiles(
  files: readonly string[],
  bound: BoundAdapter,
  parts: ConvertParts,
  rejects: OutputFile | null,
): Promise<number> {
  const read = createSourceRowReader(bound, { defaultOrg: DEFAULT_ORG, latestTime: LATEST_TIME })
  const total = { events: 0, ignored: new Map<string, number>(), rejected: new Map<string, number>() }
  for (const file of files) {
    let notUtf8 = 0
    const onNotUtf8 = (records: number) => {
      notUtf8 += records
    }
    const logs = { name: inputName(file), entries: parts.openLogs(file) }
    for await (const records of readLogs(logs, bound.adapter, bound.source, onNotUtf8)) {
      let out = ''
      let refused = ''
      for (const record of records) {
        const outcome = read(record)
        if (outcome.kind === 'ignored') {
          count(total.ignored, outcome.type)
        } else if (outcome.kind === 'rejected') {
          count(total.rejected, outcome.reason)
          if (rejects !== null) refused += `${JSON.stringify(rejectOf(file, record, outcome))}\n`
        } else {
          for (const event of outcome.events) {
            total.events++
            out += `${JSON.stringify({ ...event, raw_position: record.position })}\n`
          }
        }
        if (out.length > READ_OUT_CHARACTERS) {
          await parts.write(out)
          out = ''
        }
        if (refused.length > READ_OUT_CHARACTERS) {
          rejects?.write(refused)
          refused = ''
        }
      }
      if (out !== '') await parts.write(out)
      rejects?.write(refused)
    }
    if (notUtf8 > 0) parts.stderr.write(`${file}: ${notUtf8Note(notUtf8)}\n`)
  }
  // None refused, of files without a record either, is a finding too.
  rejects?.write('')
  parts.stderr.write(`events: ${total.events}\n${tally('ignored', total.ignored)}${tally('rejected', total.rejected)}`)
  return total.events === 0 && total.rejected.size > 0 ? 1 : 0
}

/** The adapter with its options; null after saying what is wrong with them. */
function bindAdapter(command: ConvertCommand, stderr: Output): BoundAdapter | null {
  const names = ADAPTERS.map(({ name }) => name)
  const adapter = findAdapter(command.adapter)
  if (adapter === undefined) {
    const near = nearest(command.adapter, names)
    const hint = near === null ? `there are ${names.join(', ')}` : `did you mean '${near}'?`
    stderr.write(`crmwatch: convert: no adapter '${command.adapter}'; ${hint}\n`)
    return null
  }
  const bound = adapter.bind(command.options)
  if (bound.ok) return bound
  for (const fault of bound.faults) stderr.write(`crmwatch: convert: --option ${fault}\n`)
  return null
}

function rejectOf(file: string, record: SourceRecord, { reason, detail }: { reason: string; detail: string }) {
  return {
    file,
    raw_position: record.position,
    raw_ref: rawRefOf(record.raw),
    reason,
    detail,
    raw: record.raw.toString('utf8', 0, RAW_KEPT_BYTES),
  }
}

function count(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < TYPES_COUNTED ? name : '(others)'
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** `ignored: 12` and below it each kind's number, the greatest first. */
function tally(title: string, counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const sum = sorted.reduce((all, [, n]) => all + n, 0)
  return `${title}: ${sum}\n${sorted.map(([name, n]) => `  ${printable(name)}: ${n}\n`).join('')}`
}

/** A source's own word, fit for a terminal. */
const printable = (name: string): string =>
  name
    .slice(0, 80)
    .replaceAll(/[^\p{L}\p{N} _.,:/()+-]/gu, '?')
    .trim() || '(none)'
