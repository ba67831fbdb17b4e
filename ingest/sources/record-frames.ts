import type { Piece } from '../adapters/files/piece.ts'
import type { Cutting } from '../adapters/files/read-records.ts'

/**
 * How `import` sends the records of a file: as they stand in it, so that each has the same event_uid by whatever way it
 * comes. A frame is its kind (1 byte), the length of its content (4 bytes, little-endian) and the content.
 */
export const RECORDS_MEDIA_TYPE = 'application/vnd.crmwatch.records'

const HEADER = 0
const RECORD = 1
/** From here on: a record that could not be cut, by its fault. */
const FIRST_FAULT = 2
const FRAME_BYTES = 5

/** What the cutting of a file can find wrong; the words are ours, whatever a client says. */
const FAULTS = [
  { reason: 'invalid_csv', detail: 'a quoted cell is not closed' },
  { reason: 'too_large', detail: 'the record is larger than allowed' },
  { reason: 'truncated', detail: 'the file is broken or ends in the middle of a record' },
  { reason: 'invalid_event', detail: 'a record must be a JSON object' },
] as const
/** Bytes kept of a record that could not be cut. */
const FAULTY_BYTES = 4_096

const frame = (kind: number, content: Buffer): Buffer[] => {
  const head = Buffer.alloc(FRAME_BYTES)
  head[0] = kind
  head.writeUInt32LE(content.length, 1)
  return [head, content]
}

export const frameHeader = (cutting: Cutting): Buffer[] =>
  cutting.format === 'csv' ? frame(HEADER, cutting.header) : []

export function framePiece({ raw, fault }: Piece): Buffer[] {
  if (fault === null) return frame(RECORD, raw)
  const known = FAULTS.findIndex(({ reason }) => reason === fault.reason)
  return frame(FIRST_FAULT + Math.max(0, known), raw.subarray(0, FAULTY_BYTES))
}

/** Bytes that a piece takes in a body. */
export const framedBytes = ({ raw, fault }: Piece): number =>
  FRAME_BYTES + (fault === null ? raw.length : Math.min(raw.length, FAULTY_BYTES))

export type FramedRecords =
  | { readonly ok: true; readonly header: Buffer; readonly pieces: readonly Piece[] }
  | { readonly ok: false }

/** Takes a body apart; not ok for one that `import` did not write. */
export function readFrames(body: Buffer): FramedRecords {
  const pieces: Piece[] = []
  let header: Buffer = Buffer.alloc(0)
  let at = 0
  while (at < body.length) {
    if (at + FRAME_BYTES > body.length) return { ok: false }
    const kind = body[at]
    const start = at + FRAME_BYTES
    at = start + body.readUInt32LE(at + 1)
    if (at > body.length || kind >= FIRST_FAULT + FAULTS.length) return { ok: false }
    const content = body.subarray(start, at)
    if (kind === HEADER) header = content
    else pieces.push({ raw: content, fault: kind === RECORD ? null : FAULTS[kind - FIRST_FAULT] })
  }
  return { ok: true, header, pieces }
}
