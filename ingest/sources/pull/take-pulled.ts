import type { SourceCursorRow } from '../../../store/source-records.ts'
import type { SourceRecord } from '../../adapters/files/piece.ts'
import { createRecordReader, cutRecords } from '../../adapters/files/read-records.ts'
import { createRowCollector, type NativeRows, type NativeRowsOptions } from '../native-rows.ts'
import type { RowsHandOver } from '../rows-hand-over.ts'
import type { Source } from '../source.ts'
import { NO_ROWS } from '../take-file.ts'
import type { PulledDocument } from './connector.ts'
import { type RecentRecords, recentKey } from './recent-records.ts'

export interface TakePulledParts {
  takeRows(hand: RowsHandOver): Promise<void>
  /** Asked for each part, since the clock goes on. */
  rowOptions(): NativeRowsOptions
  now(): number
  readonly recent: RecentRecords
}

/**
 * Takes a document's rows, some at a time. The cursor behind it is stored in the transaction of the last of them: killed
 * before that, the document is fetched again, and what was stored of it is known. Resolves with the number of records
 * after the commit; errors of the document's chunks are thrown, without the cursor.
 */
export async function takePulled(document: PulledDocument, source: Source, parts: TakePulledParts): Promise<number> {
  const { adapter, source: options } = source.bound
  const isPage = document.format === 'json'
  let read: ReturnType<typeof createRecordReader> | null = null
  let records = 0
  let held: Held = { rows: NO_ROWS, keys: [] }

  if (document.chunks !== null) {
    for await (const part of cutRecords(document.chunks, adapter, { ...options, format: document.format })) {
      read ??= createRecordReader(part.cutting, adapter)
      const keys: string[] = []
      const isNew = ({ raw }: SourceRecord): boolean => {
        // A record is as its bytes are until the next one is looked at.
        const key = recentKey(raw)
        if (parts.recent.has(key)) return false
        keys.push(key)
        return true
      }
      const all = read(part.pieces)
      // Pages overlap. Files do not, and their records are told by their places.
      const found = isPage ? all.filter(isNew) : all
      const collector = createRowCollector(source, parts.rowOptions())
      collector.add(found, { cutting: part.cutting })
      records += found.length
      // The last rows are held back, to be handed over with the cursor.
      if (held.rows.records > 0) await handOver(held)
      held = { rows: collector.take(), keys }
    }
  }
  const row: SourceCursorRow = {
    source: source.name,
    cursor: JSON.stringify(document.cursor),
    updated_at: parts.now(),
  }
  await new Promise<void>((resolve, reject) => {
    const settled = (error: Error | null) => (error === null ? resolve() : reject(error))
    handOver(held, { finish: (into) => into.cursors.set(row.source, row), settled }).catch(reject)
  })
  return records

  /** What is handed over is in the pipeline, which writes it or ends the service. */
  async function handOver({ rows, keys }: Held, last: Pick<RowsHandOver, 'finish' | 'settled'> = {}): Promise<void> {
    await parts.takeRows({ source: source.name, rows, stream: null, ...last })
    for (const key of keys) parts.recent.add(key)
  }
}

interface Held {
  readonly rows: NativeRows
  /** Of the records they came from. */
  readonly keys: readonly string[]
}
