import type { TSchema } from 'typebox'

/** The number that a text spells; the text itself when it spells none. */
export const numberOrText = (text: string): number | string =>
  /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text

/** The truth value that a text spells; the text itself when it spells none. */
export function booleanOrText(text: string): boolean | string {
  const word = text.trim()
  return word === 'true' ? true : word === 'false' ? false : text
}

/** The number or the truth value that a text spells; the text itself when it spells neither. */
export function spelledValue(text: string): number | boolean | string {
  const number = numberOrText(text)
  return typeof number === 'number' ? number : booleanOrText(text)
}

/** A text that stands where a number or a truth value belongs, such as that of a `${NAME}`, as what it spells. */
export function asTyped(schema: TSchema, value: unknown): unknown {
  if (typeof value !== 'string') return value
  const { type } = schema as { type?: unknown }
  if (type === 'integer' || type === 'number') return numberOrText(value)
  return type === 'boolean' ? booleanOrText(value) : value
}
