import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CanonicalOptions, readCanonical } from '../../ingest/adapters/canonical.ts'
import { createBlockEncoder } from '../../ingest/bytes/block-encoder.ts'
import { type BlockReader, createBlockReader } from '../../ingest/bytes/block-reader.ts'
import {
  type BlockStorage,
  READ,
  ROW,
  STATE,
  storageOf,
  TOMBSTONE,
  UNREAD,
  valueAt,
} from '../../ingest/bytes/message-block.ts'
import { createEncoder } from '../../ingest/encode.ts'
import { createEventDraft } from '../../ingest/event-draft.ts'
import { CHANNELS, EVENT_LIMITS, OBJECT_TYPES, RECORD_COUNT_BASES } from '../../model/event.ts'
import { createEventBatch, type EventBatch } from '../../model/event-batch.ts'
import { LATEST_TIME } from '../../model/event-time.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { type Dictionaries, loadDictionaries } from '../../store/dictionaries.ts'

type ReadOptions = Required<CanonicalOptions>
const OPTIONS: ReadOptions = { defaultOrg: 'acme', forcedOrg: null, latestTime: Date.UTC(2026, 11, 31) }

let db: Database
let codes: Dictionaries
beforeAll(async () => {
  db = await openDatabase({ dir: ':memory:' })
  codes = await loadDictionaries(db)
  reader = createBlockReader(db.hashKey)
})
afterAll(() => db[Symbol.asyncDispose]())

type Row = Record<string, unknown>

function rowOf(batch: EventBatch): Row {
  const { time, actor, kind, origin, object, objects, owner, recordCount, eventUid, logicalOp, extra } = batch
  return {
    ...{ time: time[0], actor: actor[0], kind: kind[0], origin: origin[0], object: object[0], objects: objects[0] },
    ...{ owner: owner[0], recordCount: recordCount[0], uid: eventUid.get(0), logicalOp: logicalOp[0], extra: extra[0] },
  }
}

/** The row by way of JSON.parse; null when the message is refused. */
function readGenerally(message: Buffer, options = OPTIONS): Row | null {
  const draft = createEventDraft()
  let parsed: unknown
  try {
    parsed = JSON.parse(message.toString())
  } catch {
    return null
  }
  if (readCanonical(parsed, draft, options) !== null || draft.event_uid === null) return null
  const batch = createEventBatch(1)
  createEncoder(codes).encode(draft, draft.event_uid, 'kafka', batch)
  return { ...rowOf(batch), org: draft.org_uid }
}

let reader: BlockReader
/** A storage that others have used before, as in the running service. */
let storage: BlockStorage | null = null
/** The row by the quick way; null when it is left to the general one. */
function readQuickly(message: Buffer, options = OPTIONS): Row | null {
  const block = reader.read([{ value: message, offset: 7n }], options, storage)
  storage = storageOf(block)
  expect(valueAt(block, 0)?.equals(message)).toBe(true)
  if (block.rows[STATE] !== READ) return null
  const batch = createEventBatch(1)
  createBlockEncoder(codes, block, 'kafka').encode(0, batch)
  return { ...rowOf(batch), org: block.orgs[0] }
}

/** What the quick way takes, it takes as the general way would. */
function expectAlike(message: Buffer, options = OPTIONS): void {
  const quick = readQuickly(message, options)
  if (quick !== null) expect(quick).toEqual(readGenerally(message, options))
}

const short = fc.string({ unit: 'grapheme-ascii', maxLength: 12 })
const text = fc.oneof(
  { weight: 6, arbitrary: short },
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', 'a\\b', 'é', '\u{1f600}', '\u0000', '\u007f', '"', 'x'.repeat(257), 'y'.repeat(4_097)),
)
const uid = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('u1', 'u2', 'c-1', 'c-22') }, text)
const number = fc.oneof(
  { weight: 4, arbitrary: fc.nat(1_000) },
  fc.constantFrom(-1, 0, -0, 1.5, 1e21, 2 ** 53, 2_147_483_647, 2_147_483_648, 999_999_999_999_999, 1e-7),
)
const odd = fc.oneof(fc.constantFrom(null, true, false, '', [], {}, [null], { a: [1] }), number, text, fc.array(text))
const flag = fc.boolean()
const time = fc.oneof(
  fc.integer({ min: Date.UTC(1999, 11, 30), max: Date.UTC(2027, 0, 2) }),
  fc
    .integer({ min: Date.UTC(1999, 11, 30), max: Date.UTC(2027, 0, 2) })
    .chain((ms) =>
      fc.constantFrom(
        new Date(ms).toISOString(),
        new Date(ms).toISOString().replace(/\.\d+/, ''),
        new Date(ms).toISOString().replace('Z', '+02:00'),
      ),
    ),
  fc.constantFrom(
    ...['2026-02-29T10:00:00.000Z', '2024-02-29T10:00:00.000Z', '2026-02-30T10:00:00Z', '2026-04-31T10:00:00.000Z'],
    ...['2026-13-01T10:00:00.000Z', '2026-01-01T24:00:00.000Z', '2026/01/01T10:00:00.000Z', '2026-01-01 10:00:00Z'],
    ...['2026-01-01T10:00:60.000Z', '2026-01-0aT10:00:00.000Z', '0026-01-01T10:00:00.000Z', '2026-01-01'],
  ),
)

const usual = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 12, arbitrary }, odd)
const event = fc.record(
  {
    event_uid: usual(uid),
    time: usual(time),
    actor_uid: usual(uid),
    action: usual(fc.constantFrom('view', 'copy', 'export', 'list')),
    org_uid: usual(fc.constantFrom('acme', 'other')),
    source_product: usual(text),
    source_event_type: usual(text),
    actor_name: usual(text),
    actor_type: usual(fc.constantFrom('user', 'system')),
    on_behalf_of_uid: usual(uid),
    object_type: usual(fc.constantFrom(...OBJECT_TYPES)),
    object_uids: usual(fc.array(uid, { maxLength: 4 })),
    object_uids_complete: usual(flag),
    record_count: usual(number),
    record_count_basis: usual(fc.constantFrom(...RECORD_COUNT_BASES)),
    logical_op_uid: usual(uid),
    chunk_seq: usual(number),
    owner_uids: usual(fc.array(uid, { maxLength: 3 })),
    columns: usual(fc.array(text, { maxLength: 3 })),
    has_contact_fields: usual(flag),
    channel: usual(fc.constantFrom(...CHANNELS)),
    src_ip: usual(text),
    user_agent: usual(text),
    session_uid: usual(text),
    device_uid: usual(text),
    client_app: usual(text),
    recipient_uids: usual(fc.array(uid, { maxLength: 2 })),
    query_text: usual(text),
    export_format: usual(fc.constantFrom('csv', 'xlsx')),
    bytes: usual(number),
    outcome: usual(fc.constantFrom('success', 'failure')),
    raw_ref: usual(text),
    specversion: fc.constant('1.0'),
    object_uid: fc.constantFrom(null, 'c1', 7),
    unknown_field: odd,
    __proto: odd,
  },
  { requiredKeys: [] },
)

/** Good events with few fields, so that many are taken the quick way. */
const goodEvent = fc
  .record({
    event_uid: fc.constantFrom('e-1', 'e-22'),
    time: fc.constantFrom(Date.UTC(2026, 0, 5), '2026-01-05T07:00:00.000Z', '2026-01-31T07:00:00Z'),
    actor_uid: fc.constantFrom('u1', 'u2'),
    action: fc.constantFrom('view', 'copy', 'export'),
  })
  .chain((base) => event.map((rest) => ({ ...pickSome(rest), ...base })))
const pickSome = (rest: Row): Row => Object.fromEntries(Object.entries(rest).filter((_, n) => n % 3 === 0))

const spacing = fc.constantFrom(undefined, 1, '\t')

test('good and odd events give the same row either way', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.oneof(event, goodEvent), spacing, (value, space) => {
      const message = Buffer.from(JSON.stringify(value, null, space))
      if (readQuickly(message) !== null) taken++
      expectAlike(message)
      expectAlike(message, { ...OPTIONS, defaultOrg: 'other' })
    }),
    { numRuns: 3_000 },
  )
  // Were nothing taken, the property would hold of anything.
  expect(taken).toBeGreaterThan(100)
})

test('broken messages are never taken for what they are not', () => {
  const patch = fc.oneof(
    fc.constantFrom(...['"', '\\', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', ' ', '\n', '\u0001', 'é', '']),
    fc.constantFrom('"actor_uid":"u9",', '"time":1,', '\\u0041', 'null', 'true', '1.0', '00', '1e3', '{"a":{"b":[]}}'),
  )
  fc.assert(
    fc.property(goodEvent, fc.nat(), fc.nat(3), patch, fc.boolean(), (value, at, removed, put, cut) => {
      const whole = JSON.stringify(value)
      const place = at % (whole.length + 1)
      expectAlike(Buffer.from(whole.slice(0, place) + put + (cut ? '' : whole.slice(place + removed))))
    }),
    { numRuns: 5_000 },
  )
})

const GOOD = { event_uid: 'e-1', time: '2026-01-05T07:00:00.000Z', actor_uid: 'u1', action: 'view' }
const messageOf = (fields: object): Buffer => Buffer.from(JSON.stringify({ ...GOOD, ...fields }))

test.each([
  ['the least event', {}],
  ['null for what is not given', { src_ip: null, object_uids: null, channel: null, record_count: null }],
  ['rare fields', { columns: ['phone'], actor_name: 'A', bytes: 7, chunk_seq: 0, logical_op_uid: 'op', raw_ref: '' }],
  ['several objects and owners', { object_uids: ['a', 'b'], owner_uids: ['u2', 'u3'], object_uids_complete: false }],
  ['unknown fields', { extra_field: 'x', more: [], flags: ['a'], n: 1 }],
])('taken the quick way: %s', (_, fields) => {
  const row = readQuickly(messageOf(fields))
  expect(row).not.toBeNull()
  expect(row).toEqual(readGenerally(messageOf(fields)))
})

test.each<[string, Buffer]>([
  ['no id', messageOf({ event_uid: undefined })],
  ['an escape', messageOf({ actor_uid: 'a"b' })],
  ['a letter beyond ASCII', messageOf({ actor_uid: 'Zoë' })],
  ['a field twice', Buffer.from(`${JSON.stringify(GOOD).slice(0, -1)},"actor_uid":"u2"}`)],
  ['an id that is too long', messageOf({ actor_uid: 'x'.repeat(EVENT_LIMITS.uidLength + 1) })],
  ['an unknown field with a nested value', messageOf({ details: { deep: [[]] } })],
  ['a cloud event', messageOf({ specversion: '1.0' })],
  ['one record where records are listed', messageOf({ object_uid: 'c1' })],
  ['a fraction', messageOf({ record_count: 1.5 })],
  ['text behind the end', Buffer.from(`${JSON.stringify(GOOD)}x`)],
  ['many items', messageOf({ object_uids: Array.from({ length: 1_001 }, (_, i) => `c${i}`) })],
  ['a cut message', messageOf({}).subarray(0, -1)],
  ['an empty object', Buffer.from('{}')],
])('left to the general way: %s', (_, message) => {
  expect(readQuickly(message)).toBeNull()
})

test('a time after the year 2099 is taken neither way, however late the times may be', () => {
  const options = { ...OPTIONS, latestTime: Number.MAX_SAFE_INTEGER }
  const at = (time: number) =>
    Buffer.from(JSON.stringify({ event_uid: 'e-1', time, actor_uid: 'u1', action: 'view', object_uids: ['c-1'] }))
  expect(readQuickly(at(LATEST_TIME), options)).toMatchObject({ time: LATEST_TIME })
  expect(readGenerally(at(LATEST_TIME), options)).toMatchObject({ time: LATEST_TIME })
  for (const time of [LATEST_TIME + 1, Date.UTC(2026, 0, 5) * 1000]) {
    expect(readQuickly(at(time), options)).toBeNull()
    expect(readGenerally(at(time), options)).toBeNull()
  }
})

test('a tenant bound to the caller is kept to', () => {
  const bound: ReadOptions = { ...OPTIONS, forcedOrg: 'other' }
  const read = (fields: object) => readQuickly(messageOf(fields), bound)?.org ?? null
  expect(read({})).toBe('other')
  expect(read({ org_uid: 'other' })).toBe('other')
  expect(read({ org_uid: 'acme' })).toBeNull()
})

test('messages of all sorts keep their places in a block', () => {
  const good = (n: number) =>
    messageOf({ event_uid: `e-${n}`, actor_uid: `u${n}`, object_uids: [`c${n}`, `d${n}`], columns: ['x'] })
  const values = [
    good(0),
    null,
    Buffer.from('{'),
    good(3),
    Buffer.alloc(0),
    messageOf({ org_uid: 'other', event_uid: 'e-5' }),
  ]
  const block = reader.read(
    values.map((value, i) => ({ value, offset: BigInt(40 + i) })),
    OPTIONS,
    null,
  )
  expect(values.map((_, i) => valueAt(block, i))).toEqual(values)
  expect([...block.offsets.subarray(0, 6)]).toEqual([40n, 41n, 42n, 43n, 44n, 45n])
  expect(values.map((_, i) => block.rows[i * ROW + STATE])).toEqual([READ, TOMBSTONE, UNREAD, READ, UNREAD, READ])
  const encoder = createBlockEncoder(codes, block, 'kafka')
  for (const i of [0, 3, 5]) {
    const batch = createEventBatch(1)
    encoder.encode(i, batch)
    const { org: _, ...row } = readGenerally(values[i] ?? Buffer.alloc(0)) ?? {}
    expect(rowOf(batch)).toEqual(row)
  }
})
