/**
 * JSON as texts, without halves of surrogate pairs: programs that cut texts by UTF-16 units write such, JSON.parse takes
 * them and JSON.stringify gives them out again, as `\ud83d`. DuckDB takes no JSON with one, and a text that holds one
 * is another after it was stored as UTF-8.
 */

/** As JSON.parse, with U+FFFD for such a half. */
export const parseJsonText = (text: string): unknown => JSON.parse(wellFormedJson(text))

/** As JSON.stringify, with U+FFFD for such a half. */
export const toJsonText = (value: unknown): string => wellFormedJson(JSON.stringify(value))

const MAY_HOLD_ONE = /\\u[dD]/
/** Escapes one after the other, so that the backslash of `\\` begins none: whole pairs, halves, all others. */
const ESCAPES = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|[\s\S])/g

/** A JSON text with U+FFFD for such a half. */
export const wellFormedJson = (text: string): string =>
  MAY_HOLD_ONE.test(text)
    ? text.replace(ESCAPES, (whole, half: string | undefined) => (half === undefined ? whole : '\\ufffd'))
    : text
