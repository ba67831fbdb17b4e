import { EVENT_LIMITS } from '../../../model/event.ts'
import type { Piece, Splitter } from './piece.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const COMMA = 0x2c
const NO_BYTES = Buffer.alloc(0)
const NO_OBJECT = { reason: 'invalid_event', detail: 'a record must be a JSON object' } as const
const TOO_LARGE = { reason: 'too_large', detail: `a record has more than ${EVENT_LIMITS.bytes} bytes` } as const
const TRUNCATED = { reason: 'truncated', detail: 'the file ends inside a JSON value' } as const

/**
 * Finds the records of a JSON document of any size: the items of a list, the items of the list that an object keeps at
 * one of `lists` (dotted paths), or whole objects one after the other. It looks at brackets and strings only; whether a
 * record is valid JSON is for the parser to say.
 */
export function createJsonSplitter(lists: readonly string[]): Splitter {
  const listPaths = new Set(lists)
  const longestPath = lists.reduce((most, path) => Math.max(most, path.split('.').length), 0)
  let bytes: Buffer = NO_BYTES
  let i = 0
  let depth = 0
  let inString = false
  /** Depth at which records begin: 0, or 1 inside a list of them, or deeper inside a list within an object. */
  let level = 0
  /** What `level` is outside the list within an object; null when not inside one. */
  let outerLevel: number | null = null
  /** Where the record being read begins, null between records. */
  let start: number | null = null
  /** The record's own bytes are no longer wanted: it holds a list of records, or it is too large. */
  let dropped: 'list' | 'too_large' | null = null
  let stray = false
  /** Keys on the way to where the scan is, below the record's begin. */
  const path: string[] = []
  let keyStart = 0
  let keyEnd = 0

  const pathHere = (): string => path.slice(0, depth - level).join('.')

  const open = (byte: number, pieces: Piece[]): void => {
    if (start === null && byte === OPEN_LIST) {
      if (depth === level && outerLevel === null && level === 0) level = 1
      else if (depth === level) stray = addStray(pieces, stray)
    } else if (start === null && depth === level) {
      start = i
      dropped = null
      stray = false
    } else if (
      byte === OPEN_LIST &&
      start !== null &&
      outerLevel === null &&
      dropped === null &&
      depth - level <= longestPath &&
      listPaths.has(pathHere())
    ) {
      dropped = 'list'
      outerLevel = level
      level = depth + 1
      start = null
    }
    depth++
  }

  const close = (pieces: Piece[]): void => {
    depth = Math.max(0, depth - 1)
    if (start !== null && depth === level) {
      const tooLarge = dropped === 'too_large' || (dropped === null && i - start >= EVENT_LIMITS.bytes)
      if (dropped === null && !tooLarge) pieces.push({ raw: bytes.subarray(start, i + 1), fault: null })
      else if (tooLarge) pieces.push({ raw: NO_BYTES, fault: TOO_LARGE })
      start = null
      dropped = null
    } else if (outerLevel !== null && depth < level) {
      // The list within an object has ended: what follows in the object is no record.
      level = outerLevel
      outerLevel = null
      start = i
      dropped = 'list'
    } else if (depth === 0) {
      level = 0
      start = null
    }
  }

  const scan = (pieces: Piece[]): void => {
    for (; i < bytes.length; i++) {
      const byte = bytes[i]
      if (inString) {
        if (byte === BACKSLASH) {
          if (i + 1 === bytes.length) return
          i++
        } else if (byte === QUOTE) {
          inString = false
          keyEnd = i
        }
        continue
      }
      if (byte === QUOTE) {
        inString = true
        keyStart = i + 1
        if (start === null && depth === level) stray = addStray(pieces, stray)
      } else if (byte === COLON) {
        const below = depth - level
        if (start !== null && dropped === null && below >= 1 && below <= longestPath) {
          path.length = below - 1
          path.push(bytes.toString('utf8', keyStart, keyEnd))
        }
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        open(byte, pieces)
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        close(pieces)
      } else if (start === null && depth <= level) {
        if (byte === COMMA) stray = false
        else if (byte > 0x20) stray = addStray(pieces, stray)
      }
    }
  }

  return {
    push(chunk) {
      const pieces: Piece[] = []
      // Of what was scanned, only the bytes of the record being read are kept.
      const from = start === null || dropped !== null ? i : start
      bytes = from >= bytes.length ? chunk : Buffer.concat([bytes.subarray(from), chunk])
      i -= from
      keyStart -= from
      keyEnd -= from
      if (start !== null) start = dropped === null ? 0 : i
      scan(pieces)
      if (start !== null && dropped === null && bytes.length - start > EVENT_LIMITS.bytes) dropped = 'too_large'
      return pieces
    },
    end() {
      if (start === null && depth === 0 && !inString) return []
      return [{ raw: start === null || dropped !== null ? NO_BYTES : bytes.subarray(start), fault: TRUNCATED }]
    },
  }
}

/** Reports a run of anything but objects once. */
function addStray(pieces: Piece[], already: boolean): true {
  if (!already) pieces.push({ raw: NO_BYTES, fault: NO_OBJECT })
  return true
}
