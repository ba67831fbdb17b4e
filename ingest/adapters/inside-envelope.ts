import type { AdapterEvent, NativeRow, ReadRow, RowOutcome } from './adapter.ts'
import { cleanText } from './clean-text.ts'
import { parseJson } from './files/parse-json.ts'
import { isFields, renameFields } from './native-fields.ts'

/**
 * What collectors put a row into, the likelier first: Splunk (`result`, `_raw`, `event`), Elastic (`_source`, `message`,
 * `event.original`), Fluent Bit (`log`), Kafka Connect and Debezium (`payload`, `after`, `value`), EventBridge
 * (`detail`), Google Cloud (`jsonPayload`, `textPayload`), warehouses (`raw`, `data`, `json`). Compared without case and signs.
 */
const LIKELY =
  'payload jsonpayload textpayload after original raw rawdata rawevent rawlog result source detail data message event events log logmessage record records value values body json content fields attributes properties document doc row item entry'.split(
    ' ',
  )
/** Beside a row, never the row: what was there before a change, the form of it, who has collected it. */
const BESIDE = new Set(
  'before schema key keys headers metadata meta host agent input ecs tags labels kubernetes transaction'.split(' '),
)
const MOST_TRIED = 40
const DEEPEST = 4
const MOST_ITEMS = 10_000

/**
 * A reader that looks for the row inside what a collector has wrapped it in, as an object, a list or JSON text, when
 * `read` can make nothing of the outer fields. What the row says counts, not what stands around it.
 */
export function insideEnvelope(read: ReadRow, keyOf: ((native: string) => string) | undefined): ReadRow {
  return (row) => {
    const outcome = read(row)
    if (outcome.kind !== 'rejected') return outcome
    const inside = readInside(row, 1, { left: MOST_TRIED })
    // An outer row that was recognised and is faulty stays faulty, unless the whole of it is inside once more.
    return inside !== null && (inside.kind === 'events' || outcome.reason === 'unknown_layout') ? inside : outcome
  }

  function readInside(row: NativeRow, depth: number, budget: { left: number }): RowOutcome | null {
    if (isDeletion(row)) return { kind: 'ignored', type: 'deletion of a log row' }
    let quiet: RowOutcome | null = null
    for (const inner of innerValues(row)) {
      if (budget.left-- <= 0) break
      const found = Array.isArray(inner) ? readAll(inner, depth, budget) : readOne(inner, depth, budget)
      if (found?.kind === 'events') return found
      if (found !== null && (quiet === null || quiet.kind === 'rejected')) quiet = found
    }
    return quiet
  }

  /** Null when nothing in it is a row, or none that can be read. */
  function readOne(value: unknown, depth: number, budget: { left: number }): RowOutcome | null {
    if (!isFields(value)) return null
    const fields = keyOf === undefined ? value : renameFields(value, keyOf)
    const outcome = read(fields)
    if (outcome.kind !== 'rejected') return outcome
    const inside = depth < DEEPEST ? readInside(fields, depth + 1, budget) : null
    if (inside !== null && (inside.kind === 'events' || outcome.reason === 'unknown_layout')) return inside
    return outcome.reason === 'unknown_layout' ? null : outcome
  }

  /** All rows of a list, or none: a part that is read would hide what was lost of it. */
  function readAll(list: readonly unknown[], depth: number, budget: { left: number }): RowOutcome | null {
    const events: AdapterEvent[] = []
    let quiet: RowOutcome | null = null
    for (const item of list.slice(0, MOST_ITEMS)) {
      const outcome = readOne(item, depth, budget)
      if (outcome === null || outcome.kind === 'rejected') return outcome
      if (outcome.kind === 'events') events.push(...outcome.events)
      else quiet ??= outcome
    }
    return events.length > 0 ? { kind: 'events', events } : quiet
  }
}

/** Change capture tells of rows that are removed from the log's table, too. */
const isDeletion = (row: NativeRow): boolean =>
  ['op', 'OP', '__op'].some((name) => cleanText(row[name]) === 'd') &&
  Object.keys(row).some((key) => plain(key) === 'before')

const plain = (key: string): string => key.toLowerCase().replaceAll(/[^a-z]/g, '')

/** `EVENT_TYPE="API", USER_ID="005..."`, as Splunk's add-ons write rows. */
const PAIRS = /^\s*(?:\w{1,80}="[^"]*"[\s,;|]+){2}/
const PAIR = /(\w{1,80})="([^"]*)"/g

const pairsIn = (text: string): NativeRow =>
  Object.fromEntries(Array.from(text.matchAll(PAIR), ([, name, value]) => [name, value]))

/** A JSON object in base64, as Firehose and Kinesis hand records on: it begins with `{"`, or with `{` and white space. */
const BASE64 = /^(?:eyJ|ewo|eyA|ew0)[A-Za-z0-9+/]{8,}={0,2}$/

/** What may hold the row, the likelier first. */
function* innerValues(row: NativeRow): Generator<unknown> {
  const keys = Object.keys(row).filter((key) => !BESIDE.has(plain(key)))
  const rank = (key: string) => (LIKELY.indexOf(plain(key)) + LIKELY.length + 1) % (LIKELY.length + 1)
  for (const key of keys.slice(0, 1000).sort((a, b) => rank(a) - rank(b))) {
    const value = row[key]
    if (typeof value === 'object' && value !== null) yield value
    else if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
      const parsed = parseJson(value)
      if (typeof parsed === 'object' && parsed !== null) yield parsed
    } else if (typeof value === 'string' && BASE64.test(value)) {
      const parsed = parseJson(Buffer.from(value, 'base64').toString())
      if (typeof parsed === 'object' && parsed !== null) yield parsed
    } else if (typeof value === 'string' && PAIRS.test(value)) yield pairsIn(value)
  }
}
