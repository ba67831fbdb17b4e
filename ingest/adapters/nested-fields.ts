import type { NativeRow } from './adapter.ts'
import { parseJson } from './files/parse-json.ts'
import { isFields } from './native-fields.ts'

const DEEPEST = 8
const MOST_ITEMS = 1_000

/**
 * The event with its objects and lists as such, where a table or a search engine has written them as JSON text
 * (`"actor": "{...}"`) or as flat names (`actor.user.uid`, `resources.0.uid`). The event itself when it has neither.
 */
export function nestedFields(row: NativeRow): NativeRow {
  if (!Object.entries(row).some(([key, value]) => key.includes('.') || isJsonText(value))) return row
  const nested: Record<string, unknown> = {}
  const flat: [string[], unknown][] = []
  for (const [key, value] of Object.entries(row)) {
    const path = key.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
    if (path.length === 1 || path.length > DEEPEST)
      nested[key] = isJsonText(value) ? (parseJson(value) ?? value) : value
    else flat.push([path, value])
  }
  for (const [path, value] of flat) put(nested, path, value)
  return nested
}

const isJsonText = (value: unknown): value is string => typeof value === 'string' && /^\s*[[{]/.test(value)

/** Objects on the way are copied, so that those of the row stay as they are. */
function put(into: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): void {
  if (name === '__proto__') return
  if (rest.length === 0) {
    into[name] = value
    return
  }
  const held = into[name]
  if (/^\d+$/.test(rest[0])) {
    const list: unknown[] = Array.isArray(held) ? [...held] : []
    into[name] = list
    const index = Number(rest[0])
    if (index >= MOST_ITEMS) return
    if (rest.length === 1) list[index] = value
    else {
      const item = fieldsOf(list[index])
      list[index] = item
      put(item, rest.slice(1), value)
    }
  } else {
    const fields = fieldsOf(held)
    into[name] = fields
    put(fields, rest, value)
  }
}

const fieldsOf = (value: unknown): Record<string, unknown> => (isFields(value) ? { ...value } : {})
