import { parse } from 'csv-parse/sync'
import type { NativeRow } from '../adapter.ts'
import type { Piece, SourceRecord } from './piece.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const
const NEWLINE = Buffer.from('\n')
const BROKEN = { row: null, reason: 'invalid_csv', detail: 'the record cannot be taken apart into cells' } as const

/** The delimiter that a header line has most of, outside quotes. */
export function guessDelimiter(head: string): string {
  const header = (head.trimStart().split('\n', 1)[0] ?? '').replaceAll(/"[^"]*"/g, '')
  const found = DELIMITERS.map((delimiter) => ({ delimiter, times: header.split(delimiter).length }))
  return found.reduce((best, one) => (one.times > best.times ? one : best)).delimiter
}

/** Turns cut records into rows. The first record of the file is its header. */
export function createCsvReader(delimiter: string, keyOf: (native: string) => string) {
  const options = {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
  }
  let keys: readonly string[] | null = null
  let position = 0

  /** The cells of one record; null when it does not come apart into exactly one. */
  const cellsOf = (raw: Buffer): string[] | null => {
    try {
      const rows: string[][] = parse(raw, options)
      return rows.length === 1 ? rows[0] : null
    } catch {
      return null
    }
  }

  /** The cells of many records at once, which is faster; null when they do not come apart into as many. */
  const cellsOfAll = (pieces: readonly Piece[]): string[][] | null => {
    try {
      const rows: string[][] = parse(Buffer.concat(pieces.flatMap(({ raw }) => [raw, NEWLINE])), options)
      return rows.length === pieces.length ? rows : null
    } catch {
      return null
    }
  }

  return (pieces: readonly Piece[]): SourceRecord[] => {
    const whole = pieces.filter(({ fault }) => fault === null)
    const all = cellsOfAll(whole)
    const records: SourceRecord[] = []
    let index = 0
    for (const { raw, fault } of pieces) {
      if (fault !== null) {
        records.push({ position: ++position, raw, row: null, ...fault })
        continue
      }
      const cells = all === null ? cellsOf(raw) : all[index++]
      if (keys === null && cells !== null) {
        keys = columnKeys(cells, keyOf)
        continue
      }
      position++
      records.push(
        cells === null || keys === null ? { position, raw, ...BROKEN } : { position, raw, row: rowOf(keys, cells) },
      )
    }
    return records
  }
}

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
