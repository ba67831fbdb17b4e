import { endOfText, endOfWhole, QUOTE, skipSpace, standsAt, toAscii } from './plain-json.ts'

/** What stands under a field. */
export const ABSENT = 0
export const TEXT = 1
/** A whole number of 0 or more, of at most 15 digits: exact as a JavaScript number. */
export const WHOLE = 2
export const TRUE = 3
export const FALSE = 4
export const NULL = 5
/** A list of texts. */
export const LIST = 6

/**
 * A JSON object as places in its bytes, field by field in the order of the names given. Overwritten by every read.
 * Texts stand between `from` and `to` (their quotes left out), one byte a character.
 */
export interface FlatObject {
  /**
   * Reads a message. False when it is anything but one plain flat object: printable ASCII without escapes, no field
   * twice, values that are texts, whole numbers, true, false, null or lists of texts. Nothing may be concluded from
   * false, not even that the message is broken. Fields not named are checked and skipped.
   */
  read(bytes: Uint8Array): boolean
  readonly type: Uint8Array
  /** Of a text or a number its first byte; of a list the number of its first item. */
  readonly from: Int32Array
  /** Of a text or a number the byte after its last; of a list the number after that of its last item. */
  readonly to: Int32Array
  /** Where item n starts, at 2n, and ends, at 2n + 1. */
  readonly items: Int32Array
}

/** Messages with more items in their lists go the general way, where the length of lists is judged. */
const MOST_ITEMS = 1_000

const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const WORDS = [
  { type: TRUE, word: toAscii('true') },
  { type: FALSE, word: toAscii('false') },
  { type: NULL, word: toAscii('null') },
]

export function createFlatObject(names: readonly string[]): FlatObject {
  // One place more than names: the values of other fields go there.
  const other = names.length
  const type = new Uint8Array(names.length + 1)
  const from = new Int32Array(names.length + 1)
  const to = new Int32Array(names.length + 1)
  const items = new Int32Array(2 * MOST_ITEMS)
  const spelled = names.map((name) => toAscii(`${name}"`))
  /** The field that last followed each one, for senders keep to an order; at the place of `other` what came first. */
  const follower = new Int32Array(names.length + 1)

  /** The field whose name, with its closing quote, starts at `at`. */
  const findField = (bytes: Uint8Array, at: number): number => {
    for (let field = 0; field < spelled.length; field++) if (standsAt(bytes, at, spelled[field])) return field
    return other
  }

  /** Reads the items of a list from behind its bracket on; the place behind its end, or 0. */
  const readItems = (bytes: Uint8Array, start: number, firstItem: number, field: number): number => {
    let at = skipSpace(bytes, start)
    let count = firstItem
    if (bytes[at] !== CLOSE_LIST) {
      for (;;) {
        if (bytes[at] !== QUOTE || count === MOST_ITEMS) return 0
        const end = endOfText(bytes, at + 1)
        if (end === 0) return 0
        items[2 * count] = at + 1
        items[2 * count + 1] = end
        count++
        at = skipSpace(bytes, end + 1)
        if (bytes[at] === CLOSE_LIST) break
        if (bytes[at] !== COMMA) return 0
        at = skipSpace(bytes, at + 1)
      }
    }
    type[field] = LIST
    from[field] = firstItem
    to[field] = count
    return at + 1
  }

  const readWord = (bytes: Uint8Array, at: number, field: number): number => {
    for (const { type: meant, word } of WORDS) {
      if (!standsAt(bytes, at, word)) continue
      type[field] = meant
      return at + word.length
    }
    return 0
  }

  return {
    read(bytes) {
      type.fill(ABSENT)
      if (bytes[0] !== OPEN_OBJECT) return false
      let at = 1
      let field = other
      let itemCount = 0
      for (;;) {
        at = skipSpace(bytes, at)
        if (bytes[at] !== QUOTE) return false
        at++
        const before = field
        field = follower[before]
        if (standsAt(bytes, at, spelled[field])) {
          at += spelled[field].length
        } else {
          field = findField(bytes, at)
          if (field !== other) follower[before] = field
          const end = endOfText(bytes, at)
          if (end === 0) return false
          at = end + 1
        }
        if (type[field] !== ABSENT && field !== other) return false
        at = skipSpace(bytes, at)
        if (bytes[at] !== COLON) return false
        at = skipSpace(bytes, at + 1)
        const first = bytes[at]
        if (first === QUOTE) {
          const end = endOfText(bytes, at + 1)
          if (end === 0) return false
          type[field] = TEXT
          from[field] = at + 1
          to[field] = end
          at = end + 1
        } else if (first === OPEN_LIST) {
          at = readItems(bytes, at + 1, itemCount, field)
          if (at === 0) return false
          itemCount = to[field]
        } else if (first >= 0x61) {
          at = readWord(bytes, at, field)
          if (at === 0) return false
        } else {
          const end = endOfWhole(bytes, at)
          if (end === 0) return false
          type[field] = WHOLE
          from[field] = at
          to[field] = end
          at = end
        }
        at = skipSpace(bytes, at)
        if (bytes[at] === CLOSE_OBJECT) return skipSpace(bytes, at + 1) === bytes.length
        if (bytes[at] !== COMMA) return false
        at++
      }
    },
    type,
    from,
    to,
    items,
  }
}
