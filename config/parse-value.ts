import { Check } from 'typebox/value'
import { showValue } from './fault.ts'
import type { ConfigKey } from './keys.ts'
import { booleanOrText, numberOrText } from './typed-text.ts'

export type ParsedValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly found: string; readonly allowed: string }

/**
 * Checks one value against its key. `isText` says that it was spelled as text whatever its type (an environment
 * variable, or a YAML string with a `${NAME}` in it) and is to be read as the key's type.
 */
export function parseValue(key: ConfigKey, raw: unknown, isText: boolean): ParsedValue {
  const value = typeof raw === 'string' && (isText || key.kind === 'list') ? fromText(key.kind, raw) : raw
  if (Check(key.schema, value)) return { ok: true, value }
  return { ok: false, found: describeFound(key, raw, value), allowed: key.allowed }
}

function fromText(kind: ConfigKey['kind'], text: string): unknown {
  switch (kind) {
    case 'integer':
    case 'number':
      return numberOrText(text)
    case 'boolean':
      return booleanOrText(text)
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    case 'choice':
      return text.trim()
    case 'text':
      return text
  }
}

function describeFound(key: ConfigKey, raw: unknown, value: unknown): string {
  if (key.secret)
    return typeof raw === 'string' ? 'a text (not shown)' : `a ${kindName(raw)} (not shown), not quoted text`
  if (key.kind === 'list' && Array.isArray(value)) {
    const items = (key.schema as { items?: ConfigKey['schema'] }).items
    const wrong = items === undefined ? undefined : value.find((item) => !Check(items, item))
    return showValue(wrong)
  }
  if (key.kind === 'text' && (typeof raw === 'number' || typeof raw === 'boolean')) {
    return `${String(raw)} (a ${kindName(raw)}; put text in quotes)`
  }
  return showValue(raw)
}

const kindName = (value: unknown): string =>
  typeof value === 'object' ? (Array.isArray(value) ? 'list' : 'section') : typeof value
