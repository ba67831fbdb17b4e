import { createHash } from 'node:crypto'

/** A cursor that this version of crmwatch did not give out for this list. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
  constructor() {
    super('The cursor is not one that this list gave out. Leave it away to start from the first page.')
  }
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface Page<T> {
  readonly items: T[]
  readonly next_cursor: string | null
}

/** Where a page ended, in a list ordered by (time, id). */
export interface Position {
  readonly time: number
  readonly id: string
}

const MAX_LENGTH = 1_024
const checksum = (list: string, body: string) =>
  createHash('sha256').update(`${list}\n${body}`).digest('base64url').slice(0, 8)

/**
 * The opaque text of a position. The checksum binds it to its list, so a cursor of another list or a damaged one is
 * told apart from a good one. It is no secret: a position chooses only where a page starts, never what may be seen.
 */
export function encodeCursor(list: string, position: Position): string {
  const body = JSON.stringify([position.time, position.id])
  return Buffer.from(checksum(list, body) + body).toString('base64url')
}

/** The position in a cursor. Throws InvalidCursor for anything that `encodeCursor` did not make for this list. */
export function decodeCursor(list: string, cursor: string): Position {
  if (cursor.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw new InvalidCursor()
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  const body = text.slice(8)
  if (checksum(list, body) !== text.slice(0, 8)) throw new InvalidCursor()
  const parts: unknown = parseOrNull(body)
  if (!Array.isArray(parts) || parts.length !== 2) throw new InvalidCursor()
  const [time, id] = parts
  if (!Number.isSafeInteger(time) || typeof id !== 'string') throw new InvalidCursor()
  return { time, id }
}

/** Makes a page of `rows`, of which one more than `limit` was asked for to see whether there is a next page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => T,
  cursorOf: (row: Row) => string,
): Page<T> {
  const shown = rows.slice(0, limit)
  const next_cursor = rows.length > limit && shown.length > 0 ? cursorOf(shown[shown.length - 1]) : null
  return { items: shown.map(toItem), next_cursor }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
