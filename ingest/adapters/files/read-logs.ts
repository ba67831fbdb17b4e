import { namingFaults } from '../../naming-faults.ts'
import { LOG_FILE } from '../../wanted-files.ts'
import type { SourceRecord } from './piece.ts'
import { type FileOptions, type Layout, readUnpacked } from './read-records.ts'
import type { FileEntry } from './zip-entries.ts'

/** The logs in a file: one, or those of a zip. */
export interface OpenedLogs {
  /** As messages name the file. */
  readonly name: string
  readonly entries: AsyncIterable<FileEntry>
}

/**
 * The records of a file, some at a time; their places go on from one log of a zip to the next. Throws under the file's
 * name what is wrong with it as a whole, of which broken gzip is a part here: there is nobody who would go on behind it.
 */
export async function* readLogs(
  { name, entries }: OpenedLogs,
  layout: Layout,
  options: FileOptions,
  onNotUtf8?: (records: number) => void,
): AsyncGenerator<readonly SourceRecord[]> {
  let before = 0
  for await (const { chunks } of namingFaults(name, LOG_FILE, entries)) {
    let records = 0
    for await (const some of readUnpacked(namingFaults(name, LOG_FILE, chunks), layout, options, onNotUtf8)) {
      records += some.length
      yield before === 0 ? some : behind(before, some)
    }
    before += records
  }
}

const behind = (before: number, records: readonly SourceRecord[]): SourceRecord[] =>
  records.map((record) => ({ ...record, position: before + record.position }))
