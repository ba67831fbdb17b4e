import { utf8Of } from './decode.ts'
import type { SourceRecord } from './piece.ts'
import { type Cutting, createCutter, createRecordReader, type FileOptions, type Layout } from './read-records.ts'

/** The records of a whole document in memory, such as a message. Nothing is unpacked. */
export function readDocument(
  document: Buffer,
  layout: Layout,
  options: FileOptions,
): { readonly cutting: Cutting; readonly records: readonly SourceRecord[] } {
  const bytes = utf8Of(document, options.encoding)
  const cutter = createCutter(bytes, layout, options)
  const records: SourceRecord[] = []
  let cutting: Cutting = { format: 'json' }
  let read: ReturnType<typeof createRecordReader> | null = null
  const pieces = cutter.splitter.push(bytes)
  for (const part of [...cutter.cut(pieces), ...cutter.finish(cutter.splitter.end())]) {
    cutting = part.cutting
    read ??= createRecordReader(cutting, layout)
    records.push(...read(part.pieces))
  }
  return { cutting, records }
}
