import { parseJsonText } from '../model/json-text.ts'
/** The media types of POST /v1/events, and how their bodies are cut into events. */
export const EVENT_MEDIA_TYPES = {
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/jsonl': 'lines',
  'application/json': 'items',
  'application/cloudevents+json': 'items',
  'application/cloudevents-batch+json': 'items',
} as const
export type EventMediaType = keyof typeof EVENT_MEDIA_TYPES

export const isEventMediaType = (mediaType: string): mediaType is EventMediaType =>
  Object.hasOwn(EVENT_MEDIA_TYPES, mediaType)

/** JSON texts, one an event; `numbers[i]` is the line (or item) of `lines[i]`, counted from 1. */
export type EventLines =
  | { readonly ok: true; readonly lines: readonly Buffer[]; readonly numbers: readonly number[] }
  | { readonly ok: false; readonly fault: 'unreadable' | 'too_many'; readonly detail: string }

const NEWLINE = 10
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Cuts a body into events. Lines are not parsed here: a broken one is the ingest's to refuse, with its number. A body
 * of type JSON has to be JSON as a whole, an array or one object.
 */
export function eventLines(mediaType: EventMediaType, body: Buffer, maxEvents: number): EventLines {
  const text = body.subarray(0, 3).equals(BOM) ? body.subarray(3) : body
  return EVENT_MEDIA_TYPES[mediaType] === 'lines' ? cutLines(text, maxEvents) : cutItems(text, maxEvents)
}

function cutLines(body: Buffer, maxEvents: number): EventLines {
  const lines: Buffer[] = []
  const numbers: number[] = []
  let number = 0
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(NEWLINE, start)
    const end = newline < 0 ? body.length : newline
    const line = body.subarray(start, end)
    start = end + 1
    number++
    if (isBlank(line)) continue
    if (lines.length === maxEvents) return tooMany(maxEvents)
    lines.push(line)
    numbers.push(number)
  }
  return { ok: true, lines, numbers }
}

function cutItems(body: Buffer, maxEvents: number): EventLines {
  let parsed: unknown
  try {
    parsed = parseJsonText(body.toString('utf8'))
  } catch {
    return { ok: false, fault: 'unreadable', detail: 'The body is not JSON.' }
  }
  if (typeof parsed !== 'object' || parsed === null) {
    return { ok: false, fault: 'unreadable', detail: 'The body must be a JSON object or an array of them.' }
  }
  if (!Array.isArray(parsed)) return { ok: true, lines: [body], numbers: [1] }
  if (parsed.length > maxEvents) return tooMany(maxEvents)
  try {
    const lines = parsed.map((item) => Buffer.from(JSON.stringify(item)))
    return { ok: true, lines, numbers: lines.map((_, index) => index + 1) }
  } catch {
    // JSON.parse takes any depth, JSON.stringify ends at the stack's.
    return { ok: false, fault: 'unreadable', detail: 'The body is nested too deeply.' }
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 32 && byte !== 9 && byte !== 13) return false
  return true
}

const tooMany = (maxEvents: number): EventLines => ({
  ok: false,
  fault: 'too_many',
  detail: `More than ${maxEvents} events; send them in parts.`,
})
