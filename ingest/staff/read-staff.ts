import { type CsvError, parse } from 'csv-parse/sync'
import { clipText } from '../../model/clip-text.ts'
import { parseJsonText } from '../../model/json-text.ts'
import type { StaffRecord } from '../../model/staff.ts'
import { utf8Of } from '../adapters/files/decode.ts'
import { mendUtf8 } from '../adapters/files/mend-utf8.ts'
import { guessDelimiter } from '../adapters/files/read-csv.ts'
import { PURVIEW_FIELDS, parseStaffRecord, STAFF_FIELDS, type StaffDefaults } from './parse-staff.ts'

/** `json`: one object or an array, whose items count as lines. `ndjson`: one object a line. `csv`: with a header. */
export type StaffFormat = 'json' | 'ndjson' | 'csv'

/** Rows with their line numbers, counted from 1; not ok when the body as a whole cannot be read. */
export type StaffRows =
  | {
      readonly ok: true
      /** Else it was read as windows-1252, as far as it is not UTF-8. */
      readonly isUtf8: boolean
      readonly records: readonly { readonly line: number; readonly record: StaffRecord }[]
      readonly rejected: readonly { readonly line: number; readonly reason: string }[]
    }
  | { readonly ok: false; readonly fault: 'unreadable' | 'too_many'; readonly reason: string }

/** A row before it is looked at: its value, or why there is none. */
type Row = { readonly line: number } & ({ readonly value: unknown } | { readonly reason: string })
const NAMED_CHARACTERS = 60
type Fault = Extract<StaffRows, { ok: false }>

/** Reads a whole body of staff rows; a row that cannot be used costs the others nothing. */
export function readStaffRecords(
  format: StaffFormat,
  body: Buffer,
  defaults: StaffDefaults,
  maxRows: number,
): StaffRows {
  const given = utf8Of(body, 'auto')
  const mended = mendUtf8(given)
  const text = mended.toString()
  const read = { json: jsonRows, ndjson: lineRows, csv: csvRows }[format]
  const rows = read(text, maxRows)
  if (!Array.isArray(rows)) return rows
  const records: { line: number; record: StaffRecord }[] = []
  const rejected: { line: number; reason: string }[] = []
  for (const row of rows) {
    const parsed = 'reason' in row ? row : parseStaffRecord(row.value, defaults)
    if ('record' in parsed) records.push({ line: row.line, record: parsed.record })
    else rejected.push({ line: row.line, reason: parsed.reason })
  }
  return { ok: true, isUtf8: mended === given, records, rejected }
}

function jsonRows(text: string, maxRows: number): Row[] | Fault {
  const parsed = parseJson(text)
  if (parsed === undefined) return unreadable('The body is not JSON.')
  const items: unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  if (items.length > maxRows) return tooMany(maxRows)
  return items.map((value, index) => ({ line: index + 1, value }))
}

function lineRows(text: string, maxRows: number): Row[] | Fault {
  const rows: Row[] = []
  let line = 0
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const part = text.slice(start, end).trim()
    start = end + 1
    line++
    if (part === '') continue
    if (rows.length === maxRows) return tooMany(maxRows)
    const value = parseJson(part)
    rows.push(value === undefined ? { line, reason: 'the line is not JSON' } : { line, value })
  }
  return rows
}

function csvRows(text: string, maxRows: number): Row[] | Fault {
  const rows: Row[] = []
  let header: string[] | null = null
  let fault: Fault | null = null
  const broken = (error: CsvError | undefined) =>
    typeof error?.lines === 'number' ? `The CSV cannot be read from line ${error.lines} on.` : 'The CSV cannot be read.'
  try {
    parse(text, {
      delimiter: guessDelimiter(text),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 65_536,
      to: maxRows + 2,
      on_record: (record: string[], { lines }) => {
        if (header === null) {
          header = record
          fault = checkHeader(record)
        } else if (fault === null) {
          if (rows.length === maxRows) fault = tooMany(maxRows)
          else rows.push(csvRow(header, record, lines))
        }
        return null
      },
    })
  } catch (error) {
    return unreadable(broken(error instanceof Error ? (error as CsvError) : undefined))
  }
  return fault ?? (header === null ? unreadable('The CSV has no header line.') : rows)
}

function csvRow(header: readonly string[], cells: readonly string[], line: number): Row {
  if (cells.length !== header.length) {
    return { line, reason: `the line has ${cells.length} cells, its header ${header.length}` }
  }
  const value = Object.fromEntries(
    header.map((name, index) => {
      const cell = cells[index]
      return [name, name === 'portfolio_size' && /^\d{1,15}$/.test(cell) ? Number(cell) : cell]
    }),
  )
  return { line, value }
}

/** Where no word of the header is known it may be missing: then its words are the first person's data, and not repeated. */
function checkHeader(header: readonly string[]): Fault | null {
  const allowed = header.some((name) => PURVIEW_FIELDS.includes(name)) ? PURVIEW_FIELDS : STAFF_FIELDS
  const unknown = header.findIndex((name) => !allowed.includes(name))
  if (unknown >= 0) {
    const isHeader = header.some((name) => allowed.includes(name))
    const found = isHeader ? `; it is ${JSON.stringify(clipText(header[unknown], NAMED_CHARACTERS))}` : ''
    return unreadable(`Column ${unknown + 1} of the CSV header is not one of: ${allowed.join(', ')}${found}.`)
  }
  return new Set(header).size === header.length ? null : unreadable('The CSV header names a column twice.')
}

function parseJson(text: string): unknown {
  try {
    return parseJsonText(text)
  } catch {
    return undefined
  }
}

const unreadable = (reason: string): Fault => ({ ok: false, fault: 'unreadable', reason })
const tooMany = (maxRows: number): Fault => ({
  ok: false,
  fault: 'too_many',
  reason: `More than ${maxRows} rows; send them in parts.`,
})
