import type { SourceFileRow, SourceFileState } from '../../store/source-records.ts'
import { ExpansionError } from '../adapters/files/expansion.ts'
import { createRecordReader, cutRecords } from '../adapters/files/read-records.ts'
import { type FileEntry, ZipError } from '../adapters/files/zip-entries.ts'
import { createRowCollector, type NativeRows, type NativeRowsOptions } from './native-rows.ts'
import type { RowsHandOver } from './rows-hand-over.ts'
import type { Source } from './source.ts'

export interface FileParts {
  takeRows(hand: RowsHandOver): Promise<void>
  /** Asked for each part, since the clock goes on. */
  rowOptions(): NativeRowsOptions
  now(): number
  /** Whether to leave the file where it is, to go on another time. */
  isStopping(): boolean
  /** Told at the file's end of how many records were not valid UTF-8 and are read as windows-1252, if any. */
  onNotUtf8(records: number): void
}

/** Which file it is, and how far it was taken before. */
export type FileStart = Pick<SourceFileRow, 'file_uid' | 'name' | 'pieces' | 'records'>

export type FileEnd =
  | { readonly state: 'done' }
  | { readonly state: 'set_aside'; readonly reason: string }
  | { readonly state: 'left' }

export const NO_ROWS: NativeRows = {
  records: 0,
  events: [],
  ignored: new Map(),
  rejected: [],
  unmapped: new Map(),
}

/**
 * Takes a file's records from where they were left off; how far it has come is stored with them. A file of which nothing
 * at first can be read is set aside whole, and so is one that breaks off, after what came before. Resolves after the
 * commit. Errors of the file system are thrown.
 */
export async function takeFile(
  entries: AsyncIterable<FileEntry>,
  start: FileStart,
  source: Source,
  parts: FileParts,
): Promise<FileEnd> {
  const { adapter, source: options } = source.bound
  let pieces = 0
  let records = start.records
  let notUtf8 = 0
  let broken: string | null = null
  const row = (state: SourceFileState, reason: string | null): SourceFileRow => ({
    source: source.name,
    file_uid: start.file_uid,
    name: start.name,
    pieces,
    records,
    state,
    reason,
    updated_at: parts.now(),
  })

  try {
    for await (const { chunks } of entries) {
      let read: ReturnType<typeof createRecordReader> | null = null
      let before = 0
      for await (const part of cutRecords(chunks, adapter, options)) {
        const fresh = part.pieces.slice(Math.max(0, start.pieces - pieces))
        pieces += part.pieces.length
        notUtf8 += part.notUtf8
        if (parts.isStopping()) return { state: 'left' }
        if (fresh.length === 0) continue
        if (read === null) {
          read = createRecordReader(part.cutting, adapter)
          before = records
        }
        const collector = createRowCollector(source, parts.rowOptions())
        const found = read(fresh)
        collector.add(found, { cutting: part.cutting, before })
        const rows = collector.take()
        if (records === 0 && isHopeless(rows)) return end('set_aside', wordsOf(rows))
        records += found.length
        const { fault } = fresh[fresh.length - 1]
        broken = fault?.reason === 'truncated' ? fault.detail : null
        const reached = row('reading', null)
        await parts.takeRows({
          source: source.name,
          rows,
          stream: null,
          finish: (into) => into.files.set(keyOf(reached), reached),
        })
      }
    }
  } catch (error) {
    if (!(error instanceof ZipError || error instanceof ExpansionError)) throw error
    broken = error.message
  }
  if (notUtf8 > 0) parts.onNotUtf8(notUtf8)
  return broken === null ? end('done', null) : end('set_aside', broken)

  async function end(state: 'done' | 'set_aside', reason: string | null): Promise<FileEnd> {
    await putFile(row(state, reason), parts.takeRows)
    return reason === null ? { state: 'done' } : { state: 'set_aside', reason }
  }
}

/** Stores what became of a file; resolves after the commit. */
function putFile(row: SourceFileRow, takeRows: FileParts['takeRows']): Promise<void> {
  return new Promise((resolve, reject) => {
    takeRows({
      source: row.source,
      rows: NO_ROWS,
      stream: null,
      finish: (into) => into.files.set(keyOf(row), row),
      settled: (error) => (error === null ? resolve() : reject(error)),
    }).catch(reject)
  })
}

export const keyOf = ({ source, file_uid }: Pick<SourceFileRow, 'source' | 'file_uid'>): string =>
  `${source}/${file_uid}`

const isHopeless = (rows: NativeRows): boolean => rows.records > 0 && rows.rejected.length === rows.records

const wordsOf = ({ rejected }: NativeRows): string =>
  `no record of its beginning can be read; the first: ${rejected[0].reason}: ${rejected[0].detail}`
