import type { NativeRow } from './adapter.ts'
import { cleanText, isEmpty } from './clean-text.ts'
import { parseJson } from './files/parse-json.ts'

/** The value as an object's fields, also when a collector has written the object as text; null for anything else. */
export function asFields(value: unknown): NativeRow | null {
  if (isFields(value)) return value
  const text = cleanText(value)
  if (text === null || !text.startsWith('{')) return null
  const parsed = parseJson(text)
  return isFields(parsed) ? parsed : null
}

/**
 * Fields of an object under the names that the adapter uses for columns. Of several that come down to one name, the one
 * that is spelt so counts, or else the first that says something.
 */
export function renameFields(fields: NativeRow, keyOf: (native: string) => string): NativeRow {
  const renamed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const name = keyOf(key)
    if (name !== '__proto__' && (isEmpty(renamed[name]) || (name === key && !isEmpty(value)))) renamed[name] = value
  }
  return renamed
}

/** A value as text to search in: lists and objects as JSON, empty for nothing. */
export function searchableText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  const only = cleanText(value)
  if (only !== null) return only
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

/** Whether a value is an object with fields, and no list. */
export const isFields = (value: unknown): value is NativeRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
