/** What CRMs and collectors write where there is nothing to say, `\N` in a dump of MySQL. Compared in lower case. */
const NOTHING = new Set([
  '',
  'n/a',
  'na',
  'nan',
  'null',
  'none',
  'undefined',
  'unknown',
  'nil',
  '-',
  '--',
  '(null)',
  '<null>',
  '\\n',
])

/**
 * The trimmed text of a cell or JSON value; null for what stands for nothing, and for objects and lists. A list that
 * holds one text, be it several times, is that text: so collectors write fields that they have taken out twice.
 */
export function cleanText(value: unknown): string | null {
  if (typeof value === 'string') {
    if (value === '') return null
    const text = value.trim()
    return text.length < 10 && NOTHING.has(text.toLowerCase()) ? null : text
  }
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (Array.isArray(value)) return onlyText(value)
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : null
}

function onlyText(list: readonly unknown[]): string | null {
  const [first] = list
  return Array.isArray(first) || list.some((item) => item !== first) ? null : cleanText(first)
}

/** Whether a field says nothing: it is missing, empty, or one of the words for it. Objects and lists say something. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && cleanText(value) === null)

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
