/**
 * What stands in for a record batch that cannot be unpacked. An error there would make the consumer fetch the same
 * batch again for ever, so anyone who may write to the topic could blind the service with one bad batch. Instead each
 * record of the batch gets this value, which is no event: it is dead-lettered under its own offset and the stream goes
 * on.
 */
const VALUE = Buffer.from('(record of an unreadable batch)')

/** kafkajs cannot take more records in one batch than this: it passes them all as arguments of one call. */
const MOST_RECORDS = 120_000

/** Attributes, timestamp delta, offset delta, lengths of key and value, number of headers: a byte each at least. */
const LEAST_RECORD_BYTES = 6

export function isUnreadable(value: Buffer | null): boolean {
  return value !== null && value.length === VALUE.length && value.equals(VALUE)
}

/** Records of message format v2, offset deltas counting up; kafkajs reads as many as the batch's header announces. */
export function createUnreadableRecords(count: number = MOST_RECORDS): Buffer {
  const records = Buffer.alloc(count * (VALUE.length + 16))
  let at = 0
  for (let delta = 0; delta < count; delta++) {
    const bodyBytes = 5 + varintBytes(delta) + VALUE.length
    at = writeVarint(records, at, bodyBytes)
    at += 2 // attributes 0, timestamp delta 0
    at = writeVarint(records, at, delta)
    at = writeVarint(records, at, -1) // no key
    at = writeVarint(records, at, VALUE.length)
    at += VALUE.copy(records, at)
    at += 1 // no headers
  }
  return records.subarray(0, at)
}

/** Whether the unpacked batch is whole records from end to end, so that kafkajs can read it without failing. */
export function holdsWholeRecords(records: Buffer): boolean {
  let at = 0
  while (at < records.length) {
    let zigzag = 0
    let shift = 0
    let byte: number
    do {
      if (at >= records.length || shift > 28) return false
      byte = records[at++]
      zigzag += (byte & 0x7f) * 2 ** shift
      shift += 7
    } while (byte > 0x7f)
    if (zigzag % 2 !== 0 || zigzag < 2 * LEAST_RECORD_BYTES) return false
    at += zigzag / 2
  }
  return at > 0 && at === records.length
}

function varintBytes(value: number): number {
  const zigzag = toZigzag(value)
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : 4
}

function writeVarint(target: Buffer, start: number, value: number): number {
  let at = start
  let rest = toZigzag(value)
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  target[at++] = rest
  return at
}

function toZigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0
}
