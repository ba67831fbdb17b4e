/**
 * JSON's smallest parts in bytes, as far as they are plain: printable ASCII without escapes, whole numbers. Places
 * beyond the end read as undefined, which is none of the bytes looked for. A result of 0 says "not plain".
 */

export const QUOTE = 0x22
const BACKSLASH = 0x5c
const ZERO = 0x30
const NINE = 0x39
/** The most digits of which every number is exact in a JavaScript number. */
const MOST_DIGITS = 15

/** 1 for bytes that stand for themselves inside a JSON text. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
)

export const toAscii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

export function standsAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  if (at + word.length > bytes.length) return false
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] <= 0x20) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    at++
  }
  return at
}

/** The place of the quote that ends the text starting at `start`. */
export function endOfText(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && PLAIN[bytes[at]] === 1) at++
  return bytes[at] === QUOTE ? at : 0
}

/** The place behind a whole number. */
export function endOfWhole(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] >= ZERO && bytes[at] <= NINE) at++
  const digits = at - start
  if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[start] === ZERO)) return 0
  return at
}

export function wholeBetween(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = value * 10 + (bytes[at] - ZERO)
  return value
}

/** Whether the same bytes stand at two places of a message. */
export function isSameText(bytes: Uint8Array, from: number, to: number, otherFrom: number, otherTo: number): boolean {
  if (to - from !== otherTo - otherFrom) return false
  for (let i = 0; i < to - from; i++) if (bytes[from + i] !== bytes[otherFrom + i]) return false
  return true
}
