import { cleanText } from '../clean-text.ts'

/** `Contact export` and `CONTACT_EXPORT` are one word. */
export const code = (value: unknown): string =>
  (cleanText(value) ?? '')
    .toUpperCase()
    .replaceAll(/[\s./-]+/g, '_')
    .slice(0, 80)

/** What a row is counted as: its words, without those that are none. */
export const typeName = (...parts: readonly string[]): string =>
  parts
    .filter((part) => /^[A-Z0-9_]{1,60}$/.test(part))
    .join('/')
    .slice(0, 80) || 'none'
