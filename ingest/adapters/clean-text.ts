/** What CRMs write where there is nothing to say. Compared in lower case. */
const NOTHING = new Set(['', 'n/a', 'na', 'null', 'none', 'undefined', 'unknown', '-', 'nil', '(null)'])

/** The trimmed text of a cell or JSON value; null for what stands for nothing, and for objects and lists. */
export function cleanText(value: unknown): string | null {
  if (typeof value === 'string') {
    if (value === '') return null
    const text = value.trim()
    return text.length < 10 && NOTHING.has(text.toLowerCase()) ? null : text
  }
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : null
}

const ZERO_GUID = /^\{?0{8}-?0{4}-?0{4}-?0{4}-?0{12}\}?$/

/** An identifier: as cleanText, all-zero GUIDs and over-long ones left out, GUIDs in lower case without braces. */
export function cleanId(value: unknown): string | null {
  const text = cleanText(value)
  if (text === null || text.length > 256) return null
  if (text.length >= 32 && text.length <= 38 && ZERO_GUID.test(text)) return null
  return /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i.test(text)
    ? text.replace(/[{}]/g, '').toLowerCase()
    : text
}

/** Identifiers of a list written as text (`a,b`, `a; b`, `[a, b]`) or of a JSON list; each once, in order. */
export function cleanIds(value: unknown): string[] {
  const parts: readonly unknown[] = Array.isArray(value)
    ? value
    : (cleanText(value)
        ?.replace(/^\[|\]$/g, '')
        .split(/[,;\s]+/) ?? [])
  const ids = new Set<string>()
  for (const part of parts) {
    const id = cleanId(typeof part === 'string' ? part.replace(/^["']|["']$/g, '') : part)
    if (id !== null) ids.add(id)
  }
  return [...ids]
}
