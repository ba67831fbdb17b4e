import type { NativeRow } from './adapter.ts'
import { isEmpty } from './clean-text.ts'
import { isFields } from './native-fields.ts'

/**
 * The value at a dotted path. A key that holds the dots itself comes first, as in flattened JSON and in CSV headers;
 * `items.0.id` takes one item of a list, `items.id` or `items[].id` that of each. Undefined when there is none.
 */
export function fieldAt(row: NativeRow, path: string): unknown {
  if (Object.hasOwn(row, path)) return row[path]
  return path.includes('.') || path.includes('[') ? walk(row, path.replaceAll('[]', '').split('.'), 0) : undefined
}

function walk(value: unknown, keys: readonly string[], from: number): unknown {
  let at = value
  for (let i = from; i < keys.length; i++) {
    if (Array.isArray(at)) {
      if (/^\d+$/.test(keys[i])) at = at[Number(keys[i])]
      else {
        const each = at.slice(0, MOST_ITEMS).map((item: unknown) => walk(item, keys, i))
        return each.flat().filter((item) => item !== undefined && item !== null)
      }
    } else if (isFields(at)) {
      const rest = keys.slice(i).join('.')
      if (i > 0 && i < keys.length - 1 && Object.hasOwn(at, rest)) return at[rest]
      at = Object.hasOwn(at, keys[i]) ? at[keys[i]] : undefined
    } else return undefined
  }
  return at
}

const MOST_ITEMS = 100_000

/** The first of the fields that says something, whatever that is. */
export function firstAt(row: NativeRow, ...paths: readonly string[]): unknown {
  for (const path of paths) {
    const value = fieldAt(row, path)
    if (!isEmpty(value)) return value
  }
  return undefined
}
