import { parse } from 'csv-parse/sync'

const QUOTE = 0x22

/** Takes a CSV record apart; null when it does not come apart into the cells of exactly one record. */
export type ReadCells = (raw: Buffer) => string[] | null

/** Records as they ought to be written are cut here, which costs a fraction; all others are left to csv-parse. */
export function createCellReader(delimiter: string): ReadCells {
  const options = {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
  }
  return (raw) => {
    const cells = plainCells(raw.toString(), delimiter)
    if (cells !== null) return cells
    try {
      const rows: string[][] = parse(raw, options)
      return rows.length === 1 ? rows[0] : null
    } catch {
      return null
    }
  }
}

/**
 * The cells of a record in which quotes stand only around whole cells, and doubled inside these, as in RFC 4180; null
 * for any other. `text` is one record without its line end.
 */
export function plainCells(text: string, delimiter: string): string[] | null {
  const cells: string[] = []
  let at = 0
  while (true) {
    if (text.charCodeAt(at) === QUOTE) {
      let close = text.indexOf('"', at + 1)
      let isDoubled = false
      while (close !== -1 && text.charCodeAt(close + 1) === QUOTE) {
        isDoubled = true
        close = text.indexOf('"', close + 2)
      }
      if (close === -1) return null
      const cell = text.slice(at + 1, close)
      cells.push(isDoubled ? cell.replaceAll('""', '"') : cell)
      at = close + 1
    } else {
      const next = text.indexOf(delimiter, at)
      const cell = next === -1 ? text.slice(at) : text.slice(at, next)
      if (cell.includes('"')) return null
      cells.push(cell)
      at = next === -1 ? text.length : next
    }
    if (at === text.length) return cells
    if (text[at] !== delimiter) return null
    at++
  }
}
