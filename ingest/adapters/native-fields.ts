import type { NativeRow } from './adapter.ts'

/** The value as an object's fields, also when a collector has written the object as text; null for anything else. */
export function asFields(value: unknown): NativeRow | null {
  if (isFields(value)) return value
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return null
  try {
    const parsed: unknown = JSON.parse(value)
    return isFields(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** Fields of an inner object under the names that the adapter uses for columns. The first filled one of a name counts. */
export function renameFields(fields: NativeRow, keyOf: (native: string) => string): NativeRow {
  const renamed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const name = keyOf(key)
    const held = renamed[name]
    if (name !== '__proto__' && (held === undefined || held === null || held === '')) renamed[name] = value
  }
  return renamed
}

/** A value as text to search in: lists and objects as JSON, empty for nothing. */
export function searchableText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

const isFields = (value: unknown): value is NativeRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
