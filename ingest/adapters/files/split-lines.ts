import { EVENT_LIMITS } from '../../../model/event.ts'
import type { Piece, Splitter } from './piece.ts'

const NEWLINE = 0x0a
const NO_BYTES = Buffer.alloc(0)
const TOO_LARGE = { reason: 'too_large', detail: `a line has more than ${EVENT_LIMITS.bytes} bytes` } as const

/** Cuts JSON lines. Blank lines are none. */
export function createLineSplitter(): Splitter {
  let rest: Buffer = NO_BYTES
  let skipping = false
  const add = (pieces: Piece[], raw: Buffer) => {
    if (raw.length > EVENT_LIMITS.bytes) pieces.push({ raw, fault: TOO_LARGE })
    else if (!isBlank(raw)) pieces.push({ raw, fault: null })
  }
  return {
    push(chunk) {
      const pieces: Piece[] = []
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let start = 0
      for (let newline = bytes.indexOf(NEWLINE); newline !== -1; newline = bytes.indexOf(NEWLINE, start)) {
        if (!skipping) add(pieces, bytes.subarray(start, newline))
        skipping = false
        start = newline + 1
      }
      rest = bytes.subarray(start)
      if (rest.length > EVENT_LIMITS.bytes) {
        if (!skipping) add(pieces, rest)
        skipping = true
        rest = NO_BYTES
      }
      return pieces
    },
    end() {
      const pieces: Piece[] = []
      if (!skipping) add(pieces, rest)
      return pieces
    },
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 0x20) return false
  return true
}
