import { isFields } from '../native-fields.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * The rows of the tables that the query API of Log Analytics answers with, `{tables: [{columns: [{name}], rows: [[]]}]}`,
 * by their columns' names; null for anything else.
 */
export function tableRows(value: unknown): Fields[] | null {
  if (!isFields(value) || !Array.isArray(value.tables)) return null
  const rows: Fields[] = []
  for (const table of value.tables) {
    if (!isFields(table) || !Array.isArray(table.columns) || !Array.isArray(table.rows)) return null
    const names = table.columns.map((column: unknown) => (isFields(column) ? String(column.name) : ''))
    for (const row of table.rows)
      rows.push(Object.fromEntries(names.map((name, index) => [name, Array.isArray(row) ? row[index] : undefined])))
  }
  return rows
}
