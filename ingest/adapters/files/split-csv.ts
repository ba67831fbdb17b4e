import { EVENT_LIMITS } from '../../../model/event.ts'
import type { Piece, Splitter } from './piece.ts'

const QUOTE = 0x22
const NEWLINE = 0x0a
const RETURN = 0x0d
const NO_BYTES = Buffer.alloc(0)
const UNCLOSED = { reason: 'invalid_csv', detail: 'a quoted cell is not closed' } as const
const TOO_LARGE = { reason: 'too_large', detail: `a record has more than ${EVENT_LIMITS.bytes} bytes` } as const

/**
 * Cuts CSV at the line ends that are not inside quotes. A quote opens only at a cell's start, as in csv-parse. One that
 * is never closed costs its own line: the cut goes on with the next, so that the rest of the file is not swallowed.
 */
export function createCsvSplitter(delimiter: string): Splitter {
  const separator = delimiter.charCodeAt(0)
  let rest: Buffer = NO_BYTES
  /** Where the scan goes on in `rest`, and its state there. */
  let scanned = 0
  let quoted = false
  let atCellStart = true
  /** Inside a line that is longer than allowed. */
  let skipping = false

  const restart = (bytes: Buffer) => {
    rest = bytes
    scanned = 0
    quoted = false
    atCellStart = true
  }

  /** Cuts all whole records off `rest`. */
  const cut = (pieces: Piece[]): void => {
    const bytes = rest
    let start = 0
    let i = scanned
    for (; i < bytes.length; i++) {
      const byte = bytes[i]
      if (quoted) {
        if (byte !== QUOTE) continue
        // A doubled quote is one; whether this is one cannot be told at the chunk's end.
        if (i + 1 === bytes.length) break
        if (bytes[i + 1] === QUOTE) i++
        else quoted = false
      } else if (byte === NEWLINE) {
        if (skipping) skipping = false
        else addLine(pieces, bytes, start, i)
        start = i + 1
        atCellStart = true
      } else if (byte === separator) {
        atCellStart = true
      } else if (atCellStart) {
        quoted = byte === QUOTE && !skipping
        atCellStart = false
      }
    }
    rest = start === 0 ? bytes : bytes.subarray(start)
    scanned = i - start
  }

  /** Gives up on the record that `rest` begins with: its first line is refused, the others are cut anew. */
  const giveUp = (pieces: Piece[]): void => {
    const newline = rest.indexOf(NEWLINE)
    const raw = rest.subarray(0, newline === -1 ? rest.length : newline)
    pieces.push({ raw, fault: raw.length > EVENT_LIMITS.bytes ? TOO_LARGE : UNCLOSED })
    if (newline === -1) skipping = true
    restart(newline === -1 ? NO_BYTES : rest.subarray(newline + 1))
    cut(pieces)
  }

  return {
    push(chunk) {
      const pieces: Piece[] = []
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      cut(pieces)
      if (skipping) restart(NO_BYTES)
      while (rest.length > EVENT_LIMITS.bytes) giveUp(pieces)
      return pieces
    },
    end() {
      const pieces: Piece[] = []
      // A quote held back above, being the file's last byte, does close its cell.
      while (quoted && !(scanned === rest.length - 1 && rest[scanned] === QUOTE)) giveUp(pieces)
      if (!skipping) addLine(pieces, rest, 0, rest.length)
      restart(NO_BYTES)
      return pieces
    },
  }
}

function addLine(pieces: Piece[], bytes: Buffer, start: number, newline: number): void {
  const end = newline > start && bytes[newline - 1] === RETURN ? newline - 1 : newline
  if (end > start)
    pieces.push({ raw: bytes.subarray(start, end), fault: end - start > EVENT_LIMITS.bytes ? TOO_LARGE : null })
}
