import type { NativeRow } from '../adapter.ts'
import { createCellReader } from './csv-cells.ts'
import type { Piece, SourceRecord } from './piece.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const
const HEADER = { row: null, reason: 'header_row', detail: 'the names of the columns come as a row' } as const
const BROKEN = { row: null, reason: 'invalid_csv', detail: 'the record cannot be taken apart into cells' } as const

/** The delimiter that a header line has most of, outside quotes. */
export function guessDelimiter(head: string): string {
  const header = (head.trimStart().split('\n', 1)[0] ?? '').replaceAll(/"[^"]*"/g, '')
  const found = DELIMITERS.map((delimiter) => ({ delimiter, times: header.split(delimiter).length }))
  return found.reduce((best, one) => (one.times > best.times ? one : best)).delimiter
}

/** Whether the bytes come apart into the cells of one record, as a header must. */
export const isCsvRecord = (raw: Buffer, delimiter: string): boolean => createCellReader(delimiter)(raw) !== null

/** Turns cut records into rows. The first record of the file is its header. */
export function createCsvReader(delimiter: string, keyOf: (native: string) => string) {
  const cellsOf = createCellReader(delimiter)
  let header: readonly string[] = []
  let keys: readonly string[] | null = null
  let position = 0

  return (pieces: readonly Piece[]): SourceRecord[] => {
    const records: SourceRecord[] = []
    for (const { raw, fault } of pieces) {
      if (fault !== null) {
        records.push({ position: ++position, raw, row: null, ...fault })
        continue
      }
      const cells = cellsOf(raw)
      if (keys === null && cells !== null) {
        header = cells
        keys = columnKeys(cells, keyOf)
        continue
      }
      position++
      if (cells === null || keys === null) records.push({ position, raw, ...BROKEN })
      else if (isSame(cells, header)) records.push({ position, raw, ...HEADER })
      else records.push({ position, raw, row: rowOf(keys, cells) })
    }
    return records
  }
}

/** Files that were put behind one another bring the header again. A single column may hold its own name. */
const isSame = (cells: readonly string[], header: readonly string[]): boolean =>
  header.length > 1 && cells.length === header.length && cells.every((cell, index) => cell === header[index])

/**
 * The names of the columns; one that comes twice is the first one's, or that of the column which is spelt so, and
 * nameless ones are left out.
 */
function columnKeys(header: readonly string[], keyOf: (native: string) => string): string[] {
  const seen = new Set<string>(['__proto__'])
  const spelt = new Set(header.map((cell) => cell.trim()))
  return header.map((cell) => {
    const key = keyOf(cell.trim())
    if (key === '' || seen.has(key) || (spelt.has(key) && key !== cell.trim())) return ''
    seen.add(key)
    return key
  })
}

function rowOf(keys: readonly string[], cells: readonly string[]): NativeRow {
  const row: Record<string, string> = {}
  const count = Math.min(keys.length, cells.length)
  for (let i = 0; i < count; i++) if (keys[i] !== '') row[keys[i]] = cells[i]
  return row
}
