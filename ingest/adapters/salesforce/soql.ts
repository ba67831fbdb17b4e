import { cleanText } from '../clean-text.ts'

const LONGEST = 4_096

/** SOQL with its literals replaced by `?`: they can be names, phone numbers, addresses. */
export function redactSoql(value: unknown): string | null {
  const text = cleanText(value)
  if (text === null) return null
  return text
    .slice(0, LONGEST)
    .replaceAll(/'(?:[^'\\]|\\.)*(?:'|$)/g, '?')
    .replaceAll(/"(?:[^"\\]|\\.)*(?:"|$)/g, '?')
    .replaceAll(/\{[^}]*(?:\}|$)/g, '?')
    .replaceAll(/\b\d[\w.:+-]*/g, '?')
}

/**
 * The object that a SOQL query reads from: the first FROM outside parentheses. Lenient: queries cut off or written
 * wrongly are looked through as far as they go. Null when there is none.
 */
export function soqlObject(value: unknown): string | null {
  const text = redactSoql(value)
  if (text === null) return null
  let depth = 0
  for (const [word] of text.matchAll(/[()]|\bfrom\s+[A-Za-z][\w.]*/gi)) {
    if (word === '(') depth++
    else if (word === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) return word.replace(/^from\s+/i, '')
  }
  return null
}
