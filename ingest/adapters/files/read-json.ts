import type { NativeRow } from '../adapter.ts'
import { isEmpty } from '../clean-text.ts'
import { isFields } from '../native-fields.ts'
import { parseJsonLine } from './json-line.ts'
import type { Piece, SourceRecord } from './piece.ts'
import { tableRows } from './table-rows.ts'

const INVALID = { row: null, reason: 'invalid_json', detail: 'the record is not valid JSON' } as const
const NO_OBJECT = { row: null, reason: 'invalid_event', detail: 'a record must be a JSON object' } as const

type Fields = Readonly<Record<string, unknown>>
/**
 * Turns cut records into rows. A piece that is itself a list, or an object with a list at one of `lists`, gives each of
 * its items.
 */
export function createJsonReader(lists: readonly string[], keyOf: ((native: string) => string) | undefined) {
  const paths = lists.map((path) => path.split('.'))
  const rename = keyOf === undefined ? (fields: Fields) => fields : createRenaming(keyOf)
  let position = 0

  const itemsOf = (value: unknown): readonly unknown[] | null => {
    if (Array.isArray(value)) return isTagged(value) ? value.slice(-1) : value
    for (const path of paths) {
      const found = path.reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), value)
      if (Array.isArray(found)) return found
    }
    return tableRows(value)
  }

  const recordOf = (raw: Buffer, value: unknown): SourceRecord =>
    isFields(value) ? { position: ++position, raw, row: rename(value) } : { position: ++position, raw, ...NO_OBJECT }

  return (pieces: readonly Piece[]): SourceRecord[] => {
    const records: SourceRecord[] = []
    for (const { raw, fault } of pieces) {
      if (fault !== null) {
        records.push({ position: ++position, raw, row: null, ...fault })
        continue
      }
      const value = parseJsonLine(raw.toString())
      const items = itemsOf(value)
      if (value === undefined) records.push({ position: ++position, raw, ...INVALID })
      else if (items === null) records.push(recordOf(raw, value))
      else
        for (const item of items)
          for (const one of Array.isArray(item) ? [null] : (itemsOf(item) ?? [item]))
            records.push(recordOf(Buffer.from(JSON.stringify(one)), one))
    }
    return records
  }
}

/** Fluentd's form of a record: tag, time and the record itself. */
const isTagged = (list: readonly unknown[]): boolean =>
  (list.length === 2 || list.length === 3) &&
  list.every((item, index) => (index === list.length - 1 ? isFields(item) : typeof item !== 'object'))

const NAMES_KEPT = 10_000

function createRenaming(keyOf: (native: string) => string): (fields: Fields) => NativeRow {
  const names = new Map<string, string>()
  const nameOf = (key: string): string => {
    let name = names.get(key)
    if (name === undefined) {
      name = keyOf(key)
      if (names.size >= NAMES_KEPT) names.clear()
      names.set(key, name)
    }
    return name
  }
  return (fields) => {
    const row: Record<string, unknown> = {}
    for (const key in fields) {
      const name = nameOf(key)
      // Of two names that come down to one, the first counts unless it is empty, or the one that is spelt so.
      if (name !== '__proto__' && (isEmpty(row[name]) || (name === key && !isEmpty(fields[key]))))
        row[name] = fields[key]
    }
    return row
  }
}
